// Promises of docs/delivery.md, each broken on purpose by a small mistake at one of the product's ports: what a run of the
// torture has to say of it.
import { randomBytes, randomUUID } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { cancelMessage } from '../../server/rules/message.ts'
import { noChecks } from '../support/builders.ts'
import type { Gateway } from '../../server/outbox/gateway.ts'
import type { Publish } from '../../server/parts.ts'
import { noChanges } from '../../server/store/no-changes.ts'
import type { Told } from '../../server/store/records.ts'
import type { Store } from '../../server/store/store.ts'

export interface SeededFault {
  name: string
  /** The lines around it. */
  faults: readonly string[]
  /** One of what is said. */
  says: RegExp
  /** It shows in what recovery completes. */
  restart?: boolean
  store?(store: Store): Store
  gateway?(gateway: Gateway): Gateway
  publish?(publish: Publish): void
}

const HOUR_MS = 60 * 60_000

/** Every so many of them. */
function each(count: number): () => boolean {
  let turn = 0
  return () => ++turn % count === 0
}

/** Something of what changed is told to nobody. */
function untold(keep: (changes: Told, toViewers: boolean) => Partial<Told>): (publish: Publish) => void {
  return (publish) => {
    const { changes: tell } = publish
    publish.changes = (changes, audience) =>
      tell(
        {
          ...changes,
          ...keep(changes, changes.messages.length > 0 && changes.messages.every((message) => audience.message(message) === 'viewers')),
        },
        audience,
      )
  }
}

export const seededFaults: readonly SeededFault[] = [
  {
    name: 'a client’s message is told to nobody',
    faults: ['webhooks-repeated'],
    says: /^not heard: a client’s message$/,
    publish: untold(({ messages }) => ({ messages: messages.filter(({ direction }) => direction !== 'inbound') })),
  },
  {
    name: 'a status is told to nobody',
    faults: ['webhooks-repeated'],
    says: /^not heard: a status$/,
    publish: untold(({ messages }, toViewers) => ({ messages: toViewers ? [] : messages })),
  },
  {
    name: 'the row of a status is told to nobody',
    faults: ['webhooks-repeated'],
    says: /^(not heard: a status in a row|a row was not told)$/,
    publish: untold(({ conversations }, toViewers) => ({ conversations: toViewers ? [] : conversations })),
  },
  {
    name: 'what a colleague changed is told to nobody',
    faults: ['webhooks-repeated'],
    says: /^not heard: the row after a conversation’s change$/,
    publish: untold(({ conversations, messages }) => ({ conversations: messages.length === 0 ? [] : conversations })),
  },
  {
    name: 'what was read is told to nobody',
    faults: ['webhooks-repeated'],
    says: /^not heard: what was read$/,
    publish(publish) {
      publish.cursor = () => {}
    },
  },
  {
    name: 'unread is one too many',
    faults: ['webhooks-repeated'],
    says: /^unread in all$/,
    store: (store) => ({
      ...store,
      unread: async (viewers) => (await store.unread(viewers)).map((one) => ({ ...one, total: one.total + 1 })),
    }),
  },
  {
    name: 'after a gap nothing is caught up with',
    faults: ['sockets-frozen', 'kill'],
    says: /^(a row was not told|view of a row|view of a message|not heard: .+)$/,
    store: (store) => ({
      ...store,
      async sync(viewer, since, limit) {
        const synced = await store.sync(viewer, since, limit)
        return synced.full ? synced : { ...synced, conversations: [] }
      },
    }),
  },
  {
    name: 'a webhook is answered before its message is kept',
    faults: ['webhooks-repeated'],
    says: /^webhook answered 200, not stored$/,
    store(store) {
      const now = each(6)
      return { ...store, receive: async (inbound, route) => (now() ? { outcome: 'ignored' } : store.receive(inbound, route)) }
    },
  },
  {
    name: 'a repeated webhook is a second message',
    faults: ['webhooks-repeated'],
    says: /^stored, Twilio does not know it$/,
    store: (store) => ({
      ...store,
      async receive(inbound, route) {
        const received = await store.receive(inbound, route)
        if (received.outcome === 'repeated')
          await store.receive({ ...inbound, id: randomUUID(), twilioSid: `SM${randomBytes(16).toString('hex')}` }, route)
        return received
      },
    }),
  },
  {
    name: 'what a client quotes is lost',
    faults: ['webhooks-repeated'],
    says: /^written, other quote$/,
    store: (store) => ({ ...store, receive: (inbound, route) => store.receive({ ...inbound, quotedSid: null }, route) }),
  },
  {
    name: 'the record of the last message does not count',
    faults: ['webhooks-repeated'],
    says: /^came into another thread$/,
    store: (store) => ({ ...store, receive: (inbound) => store.receive(inbound, () => ({ coordinationId: null, hintId: null })) }),
  },
  {
    name: 'everything is marked as recovered',
    faults: ['webhooks-repeated'],
    says: /^recovered, though in time$/,
    store: (store) => ({ ...store, receive: (inbound, route) => store.receive({ ...inbound, recovered: true }, route) }),
  },
  {
    name: 'what no webhook brought is not looked for',
    faults: ['webhooks-lost'],
    says: /^not recovered$/,
    restart: true,
    gateway: (gateway) => ({ ...gateway, listInbound: async () => ({ items: [], next: null, aheadMs: 0 }) }),
  },
  {
    name: 'statuses that no callback brought are not asked for',
    faults: ['callbacks-lost'],
    says: /^(status|price) not completed$/,
    restart: true,
    gateway: (gateway) => ({ ...gateway, fetchSent: async () => null }),
  },
  {
    name: 'when a message left is not kept',
    faults: ['callbacks-repeated'],
    says: /^sentAt is not stored$/,
    store: (store) => ({
      ...store,
      applyStatus: (report) => store.applyStatus({ ...report, status: report.status === 'sent' ? 'sending' : report.status }),
    }),
  },
  {
    name: 'statuses are dated an hour ago',
    faults: ['callbacks-repeated'],
    says: /^other deliveredAt$/,
    store: (store) => ({ ...store, applyStatus: (report) => store.applyStatus({ ...report, at: report.at - HOUR_MS }) }),
  },
  {
    name: 'a price is doubled',
    faults: ['callbacks-repeated'],
    says: /^other price$/,
    restart: true,
    store: (store) => ({
      ...store,
      applyStatus: (report) =>
        store.applyStatus(report.price ? { ...report, price: { ...report.price, amount: report.price.amount * 2 } } : report),
    }),
  },
  {
    name: 'delivered is not taken',
    faults: ['callbacks-repeated'],
    says: /^accepted, other status$/,
    store: (store) => ({
      ...store,
      applyStatus: (report) => store.applyStatus({ ...report, status: report.status === 'delivered' ? 'sent' : report.status }),
    }),
  },
  {
    name: 'a send is acknowledged, and then dropped',
    faults: ['webhooks-repeated'],
    says: /^(stored without a SID|canceled, and not)$/,
    store(store) {
      const now = each(4)
      return {
        ...store,
        async enter(draft, checks) {
          const entered = await store.enter(draft, checks)
          if (entered.outcome === 'created' && draft.direction === 'outbound' && now())
            await store.changeMessage(draft.orgId, draft.id, cancelMessage)
          return entered
        },
      }
    },
  },
  {
    name: 'what Twilio did not answer is sent again at once',
    faults: ['answer-lost'],
    says: /^sent \d+ times$/,
    gateway: (gateway) => ({
      ...gateway,
      async send(request) {
        const outcome = await gateway.send(request)
        return outcome.kind === 'unknown' ? gateway.send(request) : outcome
      },
    }),
  },
  {
    name: 'templates leave without their values',
    faults: ['webhooks-repeated'],
    says: /^accepted, other (variables|text)$/,
    gateway: (gateway) => ({
      ...gateway,
      send: (request) => gateway.send(request.content === null ? request : { ...request, content: { ...request.content, variables: {} } }),
    }),
  },
  {
    name: 'of what is written on a line, some waits behind the rest',
    faults: ['webhooks-repeated'],
    says: /^order/,
    store(store) {
      const now = each(4)
      return {
        ...store,
        enter: (draft, checks) =>
          draft.direction === 'outbound' && now()
            ? store.schedule({ ...draft, dueAt: draft.createdAt + 3_000 })
            : store.enter(draft, checks),
      }
    },
  },
  {
    name: 'a plan goes at once',
    faults: ['webhooks-repeated'],
    says: /^sent before its time$/,
    store: (store) => ({ ...store, schedule: (draft) => store.enter(draft, noChecks) }),
  },
  {
    name: 'what was canceled goes all the same',
    faults: ['webhooks-repeated'],
    says: /^canceled, and not$/,
    store: (store) => ({
      ...store,
      async changeMessage(orgId, id, decide) {
        const message = await store.message({ orgId, agentId: 'nobody', scope: null }, id)
        if (message?.status !== 'scheduled') return store.changeMessage(orgId, id, decide)
        return { changed: true, message: { ...message, status: 'canceled' }, changes: noChanges(orgId) }
      },
    }),
  },
  {
    name: 'an undone move stays made',
    faults: ['webhooks-repeated'],
    says: /^moved, and not undone$/,
    store: (store) => ({ ...store, undoMove: async ({ orgId }) => ({ outcome: 'undone', moved: [], changes: noChanges(orgId) }) }),
  },
  {
    name: 'two agents answer one question',
    faults: ['webhooks-repeated'],
    says: /^answered twice$/,
    store: (store) => ({ ...store, enter: (draft, checks) => store.enter(draft, { ...checks, ifNoAnswerSince: null }) }),
  },
  {
    name: 'labels are forgotten',
    faults: ['webhooks-repeated'],
    says: /^labels$/,
    store: (store) => ({
      ...store,
      updateConversation: (viewer, id, { tags: _tags, ...patch }) => store.updateConversation(viewer, id, patch),
    }),
  },
  {
    name: 'what a client sends beside words is forgotten',
    faults: ['webhooks-repeated'],
    says: /^written, other media$/,
    store: (store) => ({ ...store, receive: (inbound, route) => store.receive({ ...inbound, media: [] }, route) }),
  },
  {
    name: 'what became of a fetch is forgotten the first time',
    faults: ['webhooks-repeated'],
    says: /^media fetched again$/,
    store(store) {
      const seen = new Set<string>()
      return {
        ...store,
        changeMessage: (orgId, id, decide) =>
          store.changeMessage(orgId, id, (facts) => {
            const change = decide(facts)
            if (change?.media?.every(({ state }) => state !== 'ready') ?? true) return change
            const isFirst = !seen.has(id)
            seen.add(id)
            return isFirst ? null : change
          }),
      }
    },
  },
  {
    name: 'a client’s file gets the bytes of the one before',
    faults: ['webhooks-repeated'],
    says: /^media, other than what was sent$/,
    store(store) {
      let before: string | null = null
      return {
        ...store,
        changeMessage: (orgId, id, decide) =>
          store.changeMessage(orgId, id, (facts) => {
            const change = decide(facts)
            const media = change?.media?.map((item) => {
              const { hash } = item
              const other = before ?? hash
              before = hash ?? before
              return item.state === 'ready' ? { ...item, hash: other } : item
            })
            return change !== null && media !== undefined ? { ...change, media } : change
          }),
      }
    },
  },
  {
    name: 'each file goes out as the first one',
    faults: ['webhooks-repeated'],
    says: /^arrived, another file$/,
    gateway(gateway) {
      let first: string | null = null
      return {
        ...gateway,
        send(request) {
          first ??= request.mediaUrls[0] ?? null
          return gateway.send({ ...request, mediaUrls: request.mediaUrls.map((url) => first ?? url) })
        },
      }
    },
  },
  {
    name: 'STOP is a word like any other',
    faults: ['webhooks-repeated'],
    says: /^asked for after the opt-out, and sent$/,
    store: (store) => ({
      ...store,
      receive: (inbound, route) => store.receive({ ...inbound, said: inbound.said?.out ? null : inbound.said }, route),
    }),
  },
  {
    name: 'messages wait after the last look at who opted out',
    faults: ['webhooks-repeated'],
    says: /^waited at the opt-out, and sent$/,
    gateway: (gateway) => ({
      ...gateway,
      async send(request) {
        await pause(3_000)
        return gateway.send(request)
      },
    }),
  },
  {
    name: 'START is a word like any other',
    faults: ['webhooks-repeated'],
    says: /^(opted out, other than last said|turned away, who wants messages)$/,
    store: (store) => ({
      ...store,
      receive: (inbound, route) => store.receive({ ...inbound, said: inbound.said?.out === false ? null : inbound.said }, route),
    }),
  },
  {
    name: 'the server ends by itself',
    faults: ['webhooks-repeated'],
    says: /^the server$/,
    publish() {
      setTimeout(() => process.exit(3), 5_000)
    },
  },
]
