// Faults in taking messages in.
import { HOUR } from '../builders.ts'
import type { Fault } from '../faulty-store.ts'
import { createCrowd, rewriting } from './rewrite.ts'

export const inboundFaults: readonly Fault[] = [
  {
    name: 'lost update: of two messages at once one is told and not kept',
    likely: 'inbound: 50 parallel appends to one conversation get seq 1 to 50',
    wrap(store) {
      const crowd = createCrowd()
      return {
        ...store,
        receive: (inbound, route) =>
          crowd(`${inbound.orgId}|${inbound.keys[0]}`, async (crowded) => {
            if (!crowded) return await store.receive(inbound, route)
            const first = await store.receive({ ...inbound, onlyIfKnown: true, twilioSid: 'SM-lost' }, route)
            if (first.outcome === 'ignored') return first
            return {
              ...first,
              outcome: 'created',
              message: { ...first.message, id: inbound.id, text: inbound.text, twilioSid: inbound.twilioSid },
            }
          }),
      }
    },
  },
  {
    name: 'gap in seq: a number is burnt after the third message',
    likely: 'inbound: the next messages are appended, and rev rises by one with each',
    wrap(store) {
      const moved = (seq: number) => (seq >= 3 ? seq + 1 : seq)
      return rewriting(store, {
        message: (message) => ({ ...message, seq: message.seq === null ? null : moved(message.seq) }),
        conversation: (one) => ({ ...one, lastSeq: moved(one.lastSeq) }),
      })
    },
  },
  {
    name: 'duplicate SID: only the last hundred are remembered',
    likely: 'inbound: a SID that comes again after 200 other messages is still one message',
    wrap(store) {
      const sids: string[] = []
      return {
        ...store,
        receive(inbound, route) {
          const key = `${inbound.orgId}|${inbound.twilioSid}`
          const known = sids.lastIndexOf(key)
          const forgotten = known !== -1 && sids.length - known > 100
          sids.push(key)
          return store.receive(forgotten ? { ...inbound, twilioSid: `${inbound.twilioSid}${sids.length}` } : inbound, route)
        },
      }
    },
  },
  {
    name: 'duplicate SID: looked up first, written later',
    likely: 'inbound: the same SID 20 times at once is one message, one unread',
    wrap(store) {
      const crowd = createCrowd()
      let twins = 0
      return {
        ...store,
        receive: (inbound, route) =>
          crowd(`${inbound.orgId}|${inbound.twilioSid}`, (crowded) =>
            store.receive(crowded ? { ...inbound, twilioSid: `${inbound.twilioSid}${twins++}` } : inbound, route),
          ),
      }
    },
  },
  {
    name: 'two contacts: looked up first, made later',
    likely: 'identity: two first messages of a new contact at once make one contact and one conversation',
    wrap(store) {
      const crowd = createCrowd()
      const known = new Set<string>()
      return {
        ...store,
        receive: (inbound, route) => {
          const key = `${inbound.orgId}|${inbound.keys[0]}`
          return crowd(key, async (crowded) => {
            const double = crowded && !known.has(key)
            const received = await store.receive(double ? { ...inbound, keys: [`${inbound.keys[0]}x`] } : inbound, route)
            known.add(key)
            return received
          })
        },
      }
    },
  },
  {
    name: 'window off: our own messages open it, too',
    likely: 'inbound: the window of a line is that of its newest inbound message, over all its conversations',
    wrap(store) {
      const sent = new Map<string, number>()
      const wrong = rewriting(store, {
        conversation: (one) => ({ ...one, lastInboundAt: Math.max(one.lastInboundAt ?? 0, sent.get(one.lineId) ?? 0) || null }),
      })
      return {
        ...wrong,
        async enter(draft, checks) {
          const entered = await wrong.enter(draft, checks)
          if (entered.outcome === 'created') sent.set(entered.conversation.lineId, draft.createdAt)
          return entered
        },
      }
    },
  },
  {
    name: 'a number that comes back has lost its window',
    likely: 'numbers: a contact whose number goes away and comes back finds its line and its window again',
    wrap(store) {
      const changed = new Set<string>()
      const rewritten = rewriting(store, {
        conversation: (one) => (changed.has(one.contact.id) ? { ...one, lastInboundAt: null } : one),
      })
      return {
        ...rewritten,
        async receive(inbound, route) {
          const received = await store.receive(inbound, route)
          if (received.outcome !== 'ignored') changed.delete(received.conversation.contact.id)
          return received
        },
        updateContact(viewer, id, patch, now) {
          if (patch.addresses) changed.add(id)
          return rewritten.updateContact(viewer, id, patch, now)
        },
      }
    },
  },
  {
    name: 'window off by one hour',
    likely: 'inbound: a first message makes contact, conversation and message',
    wrap: (store) =>
      rewriting(store, {
        conversation: (one) => ({ ...one, lastInboundAt: one.lastInboundAt === null ? null : one.lastInboundAt + HOUR }),
      }),
  },
  {
    name: 'text is cut at 1600 characters',
    likely: 'inbound: text is stored as it came',
    wrap: (store) => ({ ...store, receive: (inbound, route) => store.receive({ ...inbound, text: inbound.text.slice(0, 1600) }, route) }),
  },
  {
    name: 'acknowledged but not durable: written down when the store is closed',
    likely: 'durability: every acknowledged kind of write is there after the process was killed',
    // The cause is where it is opened (places/faulty.ts): on a copy that is brought back by `close` alone.
    wrap: (store) => store,
  },
]
