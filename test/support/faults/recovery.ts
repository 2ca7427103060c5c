// Faults in recovery: what enriches, how far it has come, which sent messages may still change.
import type { Fault } from '../faulty-store.ts'

export const recoveryFaults: readonly Fault[] = [
  {
    name: 'a late webhook is taken for a repeat: what only it tells is lost',
    likely: 'recovery: what the list gave is enriched by its webhook, once, on its place and without a second unread',
    wrap: (store) => ({ ...store, receive: (inbound, route) => store.receive({ ...inbound, listed: false }, route) }),
  },
  {
    name: 'every later webhook enriches again',
    likely: 'recovery: what the list gave is enriched by its webhook, once, on its place and without a second unread',
    wrap: (store) => ({
      ...store,
      async receive(inbound, route) {
        const received = await store.receive(inbound, route)
        if (received.outcome !== 'repeated' || inbound.listed) return received
        return { ...received, outcome: 'enriched', message: { ...received.message, type: inbound.type, text: inbound.text } }
      },
    }),
  },
  {
    name: 'the position of recovery follows whatever is given, also backwards',
    likely: 'recovery: how far it has come begins at the first start, only rises, and is each organization’s own',
    wrap(store) {
      const given = new Map<string, object>()
      return {
        ...store,
        recovery: async (orgId, now) => ({ ...(await store.recovery(orgId, now)), ...given.get(orgId) }),
        async advanceRecovery(orgId, to) {
          given.set(orgId, { ...given.get(orgId), ...to })
        },
      }
    },
  },
  {
    name: 'incomplete messages: of those claimed at one moment only the first page’s are ever listed',
    likely: 'recovery: sent messages that may still change, in a span of their claims, in order, page by page',
    wrap: (store) => ({
      ...store,
      async incompleteSends(orgId, range) {
        const { after } = range
        if (after === null) return store.incompleteSends(orgId, range)
        return store.incompleteSends(orgId, { ...range, after: null, from: after.claimedAt })
      },
    }),
  },
  {
    name: 'what we gave up stays failed, whatever Twilio says',
    likely: 'settling: given up or failed by us, and it went out after all: Twilio’s word counts, in every way that it comes',
    wrap: (store) => ({
      ...store,
      async applyStatus(report) {
        const applied = await store.applyStatus(report)
        if (applied.outcome !== 'applied' || applied.changes.released.length > 0 || report.messageId === null) return applied
        return { ...applied, message: { ...applied.message, status: 'failed' } }
      },
    }),
  },
]
