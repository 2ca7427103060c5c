// Enters scheduled messages in their threads when their time comes, checked again. An agent's that cannot go is entered as
// failed, so that its author sees it.
import type { Failure, Message } from '../../shared/model.ts'
import { isHeld } from '../../shared/held.ts'
import type { Organization } from '../organizations.ts'
import type { Parts } from '../parts.ts'
import { consentOf } from '../rules/opt-out.ts'
import { tell } from '../tell.ts'
import type { ConversationState, DueEntry } from '../store/records.ts'
import { limited, noSender, optedOut, windowClosed } from './failures.ts'
import { fallBack } from './fall-back.ts'
import { prepareWay } from './plan-b.ts'
import { agentChecks } from './refusals.ts'

export interface DueLoop {
  schedule(dueAt: number): void
  start(): Promise<void>
  close(): void
}

const BATCH = 100
/** Timers take at most 24.8 days; a clock that steps, and what a process scheduled that died, is noticed within this. */
const LONGEST_MS = 60_000

export function createDueLoop(parts: Parts): DueLoop {
  const { store, clock, log } = parts
  let next: number | null = null
  let cancel: (() => void) | null = null
  let running = false
  let closed = false

  function arm(): void {
    cancel?.()
    cancel = null
    if (closed) return
    const dueInMs = next === null ? LONGEST_MS : Math.max(0, next - clock.now())
    cancel = clock.after(Math.min(LONGEST_MS, dueInMs), () => void run())
  }

  async function run(): Promise<void> {
    if (running || closed) return
    running = true
    try {
      for (let full = true; full && !closed; ) {
        const due = await store.dueMessages(clock.now(), BATCH)
        full = due.length === BATCH
        for (const one of due) await enter(one.orgId, one.message, one.conversation)
      }
      next = await store.nextDueAt()
    } catch (error) {
      log.warn({ err: error }, 'Scheduled messages could not be entered; trying again')
      next = clock.now() + 1_000
    } finally {
      running = false
      arm()
    }
  }

  async function enter(orgId: string, message: Message, conversation: ConversationState): Promise<void> {
    const byAgent = message.author.type === 'agent'
    const now = clock.now()
    const freeText = message.template === undefined && message.planB === undefined
    const own = parts.organizationOf(orgId)
    // With a plan B it is that which says what goes to whom opted out.
    const consent = message.planB || message.direction === 'internal' ? null : consentOf(message)
    const checks = { ...agentChecks(own, now, freeText, consent), ...(byAgent ? {} : { contactLimit: null }) }
    const enterAs = (how: DueEntry) => store.enterScheduled(orgId, message.id, now, { ...how, held: isHeld(message) })
    const plan = message.planB ? await prepareWay(parts, orgId, message, message.planB, conversation) : null
    let failure = plan ? null : refusal(own, conversation)
    const byPlan: DueEntry = { checks, ...(plan ? { way: plan.way } : {}) }
    let entered = await enterAs(failure === null ? byPlan : { failure })
    if (plan && entered.outcome === 'no_thread') {
      await plan.openThread(now)
      entered = await enterAs(byPlan)
    }
    if (entered.outcome === 'limited' || entered.outcome === 'closed' || entered.outcome === 'opted_out') {
      failure = { limited, closed: windowClosed, opted_out: optedOut }[entered.outcome]
      if (byAgent) await fallBack(parts, orgId, message, failure)
      entered = await enterAs({ failure })
    }
    if (entered.outcome === 'created') tell(parts, entered.changes)
  }

  function refusal({ senders }: Organization, conversation: ConversationState): Failure | null {
    const ready = senders.readiness(conversation.channel)
    if (!ready.ready) return noSender(ready.reason)
    return null
  }

  return {
    schedule(dueAt) {
      if (next !== null && next <= dueAt) return
      next = dueAt
      arm()
    },
    start: run,
    close() {
      closed = true
      cancel?.()
    },
  }
}
