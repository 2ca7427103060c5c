// Faults in entering, claiming and settling what goes out.
import type { Message } from '../../../shared/model.ts'
import { cancelMessage } from '../../../server/rules/message.ts'
import type { Claim, DueEntry } from '../../../server/store/records.ts'
import type { Store } from '../../../server/store/store.ts'
import { MINUTE } from '../builders.ts'
import type { Fault } from '../faulty-store.ts'
import { createCrowd } from './rewrite.ts'

/** A message that came due this way moves the limit of what is entered later by one. */
function miscount(store: Store, way: 'checks' | 'failure', by: 1 | -1): Store {
  const counted = new Map<string, number>()
  return {
    ...store,
    async enterScheduled(orgId: string, id: string, now: number, how: DueEntry) {
      const done = await store.enterScheduled(orgId, id, now, how)
      if (done.outcome === 'created' && way in how) counted.set(orgId, (counted.get(orgId) ?? 0) + by)
      return done
    },
    enter(draft, checks) {
      const { contactLimit } = checks
      if (contactLimit === null) return store.enter(draft, checks)
      const max = contactLimit.max + (counted.get(draft.orgId) ?? 0)
      return store.enter(draft, { ...checks, contactLimit: { ...contactLimit, max } })
    },
  }
}

export const outboxFaults: readonly Fault[] = [
  {
    name: 'a repeated key sends twice: looked up first, written later',
    likely: 'outbox: the same key 20 times at once is one message',
    wrap(store) {
      const crowd = createCrowd()
      return {
        ...store,
        enter: (draft, checks) =>
          crowd(`${draft.orgId}|${draft.key}`, (crowded) => store.enter(crowded ? { ...draft, key: null } : draft, checks)),
      }
    },
  },
  {
    name: 'a key is forgotten once its message is planned',
    likely: 'scheduled: the same key planned twice, also at once, is one plan',
    wrap: (store) => ({ ...store, schedule: (draft) => store.schedule({ ...draft, key: null }) }),
  },
  {
    name: 'limit per contact: counted first, written later',
    likely: 'outbox: the limit per contact is exact under parallel sends, over all the contact’s conversations',
    wrap(store) {
      const crowd = createCrowd()
      return {
        ...store,
        enter: (draft, checks) => crowd(draft.orgId, (crowded) => store.enter(draft, crowded ? { ...checks, contactLimit: null } : checks)),
      }
    },
  },
  {
    name: 'limit per contact of what comes due: counted first, written later',
    likely: 'scheduled: the limit per contact is held exactly by what comes due at once, over all the contact’s conversations',
    wrap(store) {
      const crowd = createCrowd()
      return {
        ...store,
        enterScheduled: (orgId, id, now, how) =>
          crowd(orgId, (crowded) =>
            store.enterScheduled(
              orgId,
              id,
              now,
              crowded && 'checks' in how ? { ...how, checks: { ...how.checks, contactLimit: null } } : how,
            ),
          ),
      }
    },
  },
  {
    name: 'limit per contact: what was planned does not count',
    likely: 'scheduled: what was planned counts from when it entered, and not where it was refused as it came due',
    wrap: (store) => miscount(store, 'checks', 1),
  },
  {
    name: 'limit per contact: what was refused as it came due counts',
    likely: 'scheduled: what was planned counts from when it entered, and not where it was refused as it came due',
    wrap: (store) => miscount(store, 'failure', -1),
  },
  {
    name: 'window off: what comes due is not asked',
    likely: 'scheduled: it enters only while the window is open: closed, it stays planned until it is entered as failed',
    wrap: (store) => ({
      ...store,
      enterScheduled: (orgId, id, now, how) =>
        store.enterScheduled(orgId, id, now, 'checks' in how ? { ...how, checks: { ...how.checks, openWindow: false } } : how),
    }),
  },
  {
    name: 'window off: two minutes too long for what enters',
    likely: 'outbox: free text needs the window of its line, whichever conversation opened it; the margin is refused',
    wrap: (store) => ({
      ...store,
      async enter(draft, checks) {
        const entered = await store.enter(draft, checks)
        if (entered.outcome !== 'closed') return entered
        const sooner = await store.enter({ ...draft, createdAt: draft.createdAt - 2 * MINUTE }, checks)
        return sooner
      },
    }),
  },
  {
    name: 'collision guard: not for what comes due',
    likely: 'scheduled: a colleague who answered meanwhile holds it, the author does not',
    wrap: (store) => ({
      ...store,
      enterScheduled: (orgId, id, now, how) =>
        store.enterScheduled(orgId, id, now, 'checks' in how ? { ...how, checks: { ...how.checks, ifNoAnswerSince: null } } : how),
    }),
  },
  {
    name: 'plan B: asked before it enters, and not as it does',
    likely: 'plan B: the rule is shown the window with its margin, and the opt-out, as they are when it enters',
    wrap: (store) => ({
      ...store,
      enterScheduled(orgId, id, now, how) {
        if (!('checks' in how) || !how.way) return store.enterScheduled(orgId, id, now, how)
        const way = how.way({ windowOpen: true, optedOut: false, marketingOut: false })
        return store.enterScheduled(orgId, id, now, { ...how, way: () => way })
      },
    }),
  },
  {
    name: 'plan B: forgotten with the plan',
    likely: 'plan B: it is kept with the plan, changed with it, and taken off',
    wrap: (store) => ({ ...store, schedule: (draft) => store.schedule({ ...draft, planB: null }) }),
  },
  {
    name: 'refused as it came due: canceled for good',
    likely: 'scheduled: refused, it can still be canceled',
    wrap: (store) => ({
      ...store,
      async enterScheduled(orgId, id, now, how) {
        const done = await store.enterScheduled(orgId, id, now, how)
        if (done.outcome === 'closed') await store.changeMessage(orgId, id, cancelMessage)
        return done
      },
    }),
  },
  {
    name: 'collision guard: looked at first, written later',
    likely: 'outbox: of two agents who answer the same message at once exactly one wins',
    wrap(store) {
      const crowd = createCrowd()
      return {
        ...store,
        enter: (draft, checks) =>
          crowd(draft.conversationId, (crowded) => store.enter(draft, crowded ? { ...checks, ifNoAnswerSince: null } : checks)),
      }
    },
  },
  {
    name: 'collision guard: what was moved into a thread counts as an answer to it',
    likely: 'answering: a message that was moved into a thread is no answer to it',
    wrap(store) {
      const moved: Message[] = []
      return {
        ...store,
        async moveMessages(...args) {
          const done = await store.moveMessages(...args)
          moved.push(...(done?.moved ?? []))
          return done
        },
        async enter(draft, checks) {
          const by = moved.find(
            ({ conversationId, seq, author }) =>
              conversationId === draft.conversationId && author.id !== draft.author.id && (seq ?? 0) > (checks.ifNoAnswerSince ?? Infinity),
          )
          return by ? { outcome: 'answered', by } : store.enter(draft, checks)
        },
      }
    },
  },
  {
    name: 'collision guard: an answer that was moved away still counts where it was',
    likely: 'answering: an answer that was moved away holds nobody where it was, until it is back',
    wrap(store) {
      const moved = new Map<string, Message>()
      return {
        ...store,
        async moveMessages(...args) {
          const [, ids] = args
          const before = await Promise.all(ids.map((id) => store.message(args[0], id)))
          const done = await store.moveMessages(...args)
          for (const one of before) if (one) moved.set(one.conversationId, one)
          return done
        },
        async enter(draft, checks) {
          const by = moved.get(draft.conversationId)
          const holds = by && by.author.id !== draft.author.id && (by.seq ?? 0) > (checks.ifNoAnswerSince ?? Infinity)
          return holds ? { outcome: 'answered', by } : store.enter(draft, checks)
        },
      }
    },
  },
  {
    name: 'a note answers the conversation',
    likely: 'outbox: a note is in the thread at once, answers nothing and is never sent',
    wrap: (store) => ({
      ...store,
      async enter(draft, checks) {
        const entered = await store.enter(draft, checks)
        if (draft.direction !== 'internal' || entered.outcome !== 'created') return entered
        const all = { orgId: draft.orgId, agentId: 'fault', scope: null }
        await store.updateConversation(all, draft.conversationId, { status: 'closed' })
        const opened = await store.updateConversation(all, draft.conversationId, { status: 'open' })
        return opened ? { ...entered, conversation: opened.changes.conversations[0] ?? entered.conversation } : entered
      },
    }),
  },
  {
    name: 'swapped order of a line: the second message leaves first',
    likely: 'lines: messages leave in the order they were entered, over all conversations of the line',
    wrap(store) {
      const queued = new Map<string, Message[]>()
      const partners = new Map<string, Message>()
      const real = (claim: Claim): Claim => {
        const partner = partners.get(claim.message.id)
        return partner ? { ...claim, message: partner } : claim
      }
      return {
        ...store,
        async enter(draft, checks) {
          const entered = await store.enter(draft, checks)
          if (entered.outcome === 'created' && draft.direction === 'outbound') {
            const { lineId } = entered.conversation
            queued.set(lineId, [...(queued.get(lineId) ?? []), entered.message])
          }
          return entered
        },
        async claim(orgId, lineId, options) {
          const head = await store.claim(orgId, lineId, options)
          if (head.state !== 'claimed') return head
          const { message } = head.claim
          const line = queued.get(lineId) ?? []
          const next = line[line.findIndex((one) => one.id === message.id) + 1]
          if (!partners.has(message.id) && next) {
            partners.set(message.id, next)
            partners.set(next.id, message)
          }
          return { ...head, claim: real(head.claim) }
        },
        accepted: (claim, answer) => store.accepted(real(claim), answer),
      }
    },
  },
  {
    name: 'double claim: two who claim at once both get it',
    likely: 'lines: of 20 claimers at once one gets the message',
    wrap(store) {
      const crowd = createCrowd()
      return {
        ...store,
        claim: (orgId, lineId, options) =>
          crowd(lineId, async (crowded) => {
            const head = await store.claim(orgId, lineId, options)
            return crowded && head.state === 'in_flight' ? { state: 'claimed', claim: head.claim } : head
          }),
      }
    },
  },
  {
    name: 'a stale attempt is obeyed',
    likely: 'settling: what is written about an attempt that is not the current one is ignored',
    wrap(store) {
      const oldest = new Map<string, { attempt: number; claimedAt: number }>()
      return {
        ...store,
        async claim(orgId, lineId, options) {
          const head = await store.claim(orgId, lineId, options)
          if (head.state === 'claimed' && head.claim.attempt === 1) {
            const { attempt, claimedAt } = head.claim
            oldest.set(head.claim.message.id, { attempt, claimedAt })
          }
          return head
        },
        changeMessage: (orgId, id, decide) =>
          store.changeMessage(orgId, id, (message) => decide(message) ?? decide({ ...message, ...(oldest.get(id) ?? {}) })),
      }
    },
  },
  {
    name: 'what was put back counts as an attempt',
    likely: 'settling: put back: it waits until then, holds its line up, and the attempt does not count',
    wrap: (store) => ({
      ...store,
      changeMessage: (orgId, id, decide) =>
        store.changeMessage(orgId, id, (message) => {
          const change = decide(message)
          return change?.attempt === undefined ? change : { ...change, attempt: message.attempt }
        }),
    }),
  },
  {
    name: 'the answer to the first request is dropped after a second one',
    likely: 'settling: the answer to the first request comes while the second is unconfirmed: it is kept, and settles it',
    wrap(store) {
      const attempts = new Map<string, number>()
      return {
        ...store,
        async claim(orgId, lineId, options) {
          const head = await store.claim(orgId, lineId, options)
          if (head.state === 'claimed') attempts.set(head.claim.message.id, head.claim.attempt)
          return head
        },
        async accepted(claim, answer) {
          const { message } = claim
          if ((attempts.get(message.id) ?? claim.attempt) !== claim.attempt) return { outcome: 'unchanged', message }
          return store.accepted(claim, answer)
        },
      }
    },
  },
  {
    name: 'nobody is told that a line goes on',
    likely: 'settling: what ends the message in flight names the line that goes on, once; what ends another names none',
    wrap: (store) => ({
      ...store,
      async changeMessage(orgId, id, decide) {
        const done = await store.changeMessage(orgId, id, decide)
        return done && { ...done, changes: { ...done.changes, released: [] } }
      },
    }),
  },
  {
    name: 'a line goes on whatever of it was taken back',
    likely: 'settling: what ends the message in flight names the line that goes on, once; what ends another names none',
    wrap: (store) => ({
      ...store,
      async changeMessage(orgId, id, decide) {
        const done = await store.changeMessage(orgId, id, decide)
        return done?.message.status === 'canceled' ? { ...done, changes: { ...done.changes, released: ['line'] } } : done
      },
    }),
  },
  {
    name: 'how a message goes on is told like a new one',
    likely: 'settling: a write says whether its messages entered, went on, or were only moved about',
    wrap: (store) => ({
      ...store,
      async expireClaims(...args) {
        return { ...(await store.expireClaims(...args)), news: 'entered' }
      },
    }),
  },
  {
    name: 'what is planned is filed without a word',
    likely: 'moving: what is planned is told of with its thread, where that is filed as a whole',
    wrap: (store) => ({
      ...store,
      async updateConversation(viewer, id, patch) {
        const done = await store.updateConversation(viewer, id, patch)
        if (done === null) return null
        const messages = done.changes.messages.filter(({ status }) => status !== 'scheduled')
        return { ...done, changes: { ...done.changes, messages } }
      },
    }),
  },
  {
    name: 'claims of a dead process are never free',
    likely: 'leases: claims of an older fence become unconfirmed at once; those of this fence, of other senders and organizations stay',
    wrap: (store) => ({ ...store, expireClaims: (orgId, sender, options) => store.expireClaims(orgId, sender, { ...options, fence: 0 }) }),
  },
  {
    name: 'one lease for all names',
    likely: 'leases: each name is a lease of its own, whatever it names',
    wrap: (store) => ({
      ...store,
      takeLease: (orgId, _name, holder, ttlMs) => store.takeLease(orgId, 'one', holder, ttlMs),
      releaseLease: (orgId, _name, holder) => store.releaseLease(orgId, 'one', holder),
    }),
  },
  {
    name: 'the fence does not rise',
    likely: 'leases: released: the next one has it at once, with a higher fence; only the holder can release',
    wrap: (store) => ({
      ...store,
      takeLease: async (...args) => ((await store.takeLease(...args)) === null ? null : { fence: 1 }),
    }),
  },
  {
    name: 'a lease for everybody who asks at once',
    likely: 'leases: of ten who ask at once one gets it',
    wrap(store) {
      const crowd = createCrowd()
      return {
        ...store,
        takeLease: (orgId, name, holder, ttlMs) =>
          crowd(`${orgId}|${name}`, async (crowded) => {
            const lease = await store.takeLease(orgId, name, holder, ttlMs)
            return lease ?? (crowded ? { fence: 1 } : null)
          }),
      }
    },
  },
  {
    name: 'a planned message is entered by everybody who comes at its time',
    likely: 'scheduled: ten who enter it at once enter it once',
    wrap: (store) => ({
      ...store,
      async enterScheduled(...args) {
        const entered = await store.enterScheduled(...args)
        return entered.outcome === 'repeated' ? { ...entered, outcome: 'created' } : entered
      },
    }),
  },
  {
    name: 'canceling says yes to what is underway',
    likely: 'lines: a cancel and a claim at once: one of them gets the message',
    wrap: (store) => ({
      ...store,
      async changeMessage(orgId, id, decide) {
        const done = await store.changeMessage(orgId, id, decide)
        return done && { ...done, changed: true }
      },
    }),
  },
]
