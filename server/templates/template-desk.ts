// When Twilio's list of contents is read: every few minutes, soon after something changed there, and when somebody asks. One process
// reads for all; where it is killed, another does within two of those spans.
import { DomainError } from '../../shared/problems.ts'
import type { TemplateSubmission } from '../../shared/template-requests.ts'
import type { TemplateCounts, TemplatesStatus } from '../../shared/model.ts'
import { ListUnreadable } from '../outbox/gateway.ts'
import { createLease } from '../lease.ts'
import type { Parts, Submitted } from '../parts.ts'
import { checkSubmission, submitTemplate } from './submit-template.ts'
import { syncTemplates } from './sync-templates.ts'
import { createTemplateTurn } from './template-turn.ts'

export interface TemplateDesk {
  start(): void
  /** Something changed at Twilio. Returns at once. */
  soon(): void
  /** @throws DomainError `no_sender`, `unavailable` where Twilio does not answer: what was read by then stays. */
  sync(): Promise<TemplateCounts>
  /** @throws DomainError as `submitTemplate`, `no_sender`. */
  submit(name: string, wanted: TemplateSubmission): Promise<Submitted>
  status(): TemplatesStatus
  close(): Promise<void>
}

const EVERY_MS = 5 * 60_000
/** A start has enough to do, and what is kept holds until then. */
const FIRST_MS = 60_000
/** Events come in heaps. */
const SOON_MS = 2_000
const APART_MS = 30_000
const RETRY_MS = 15_000

export function createTemplateDesk(
  parts: Pick<Parts, 'config' | 'store' | 'clock' | 'log' | 'publish' | 'organizationOf'>,
  orgId: string,
  holder: string,
): TemplateDesk {
  const { store, clock, log } = parts
  const poll = createLease(store, { orgId, name: 'templates:poll', holder, ttlMs: EVERY_MS })
  const turn = createTemplateTurn(parts, orgId, holder)
  let running: Promise<TemplateCounts> | null = null
  let cancel: (() => void) | null = null
  let started = false
  let closed = false
  let wantedAt = 0
  let endedAt = Number.NEGATIVE_INFINITY
  let failures = 0
  let status: TemplatesStatus = { readAt: null, fault: null }

  function lookIn(ms: number, why: 'poll' | 'news'): void {
    cancel?.()
    cancel = closed ? null : clock.after(ms, () => void look(why))
  }

  function sync(): Promise<TemplateCounts> {
    running ??= turn
      .take((goOn) => syncTemplates(parts, orgId, goOn))
      .then(
        (counts) => {
          if (status.fault !== null) log.info('Twilio’s list of contents can be read again')
          status = { readAt: new Date(clock.now()).toISOString(), fault: null }
          failures = 0
          if (counts.created + counts.changed + counts.gone > 0) log.info(counts, 'Templates are as Twilio lists them')
          return counts
        },
        (error: unknown) => {
          if (error instanceof ListUnreadable && !closed) {
            if (status.fault === null)
              log.warn({ err: error }, 'Templates could not be read from Twilio; what is kept stays, and it is tried again')
            status = { ...status, fault: error.message }
            failures++
          }
          throw error
        },
      )
      .finally(() => {
        running = null
        endedAt = clock.elapsed()
      })
    return running
  }

  async function look(why: 'poll' | 'news'): Promise<void> {
    let nextMs = EVERY_MS
    const askedAt = clock.elapsed()
    try {
      // Who was here first reads for all others until the span is over.
      if ((await poll.hold()) !== null || why === 'news') await sync()
    } catch (error) {
      if (closed) return
      if (error instanceof ListUnreadable) nextMs = error.retryAfterMs ?? Math.min(RETRY_MS * 2 ** Math.min(failures, 5), EVERY_MS)
      else if (!(error instanceof DomainError)) log.error({ err: error }, 'Templates could not be read from Twilio')
    }
    if (wantedAt > askedAt) soon()
    else lookIn(nextMs, 'poll')
  }

  function soon(): void {
    wantedAt = clock.elapsed()
    if (started && running === null) lookIn(Math.max(SOON_MS, endedAt + APART_MS - clock.elapsed()), 'news')
  }

  function requireAccount(): void {
    if (parts.config.twilio === null) throw new DomainError('no_sender', 'No Twilio account is configured.')
  }

  return {
    start() {
      started = true
      lookIn(FIRST_MS, 'poll')
    },
    soon,
    async sync() {
      requireAccount()
      try {
        return await sync()
      } catch (cause) {
        if (!(cause instanceof ListUnreadable)) throw cause
        const seconds = cause.retryAfterMs === null ? 15 : Math.ceil(cause.retryAfterMs / 1000)
        throw new DomainError('unavailable', `${cause.message} What was read by then is kept.`, { cause, retryAfter: seconds })
      }
    },
    async submit(name, wanted) {
      checkSubmission(parts, orgId, name, wanted)
      requireAccount()
      try {
        const submitted = await turn.take((goOn) => submitTemplate(parts, orgId, name, wanted, goOn))
        soon()
        return submitted
      } catch (error) {
        if (error instanceof ListUnreadable || (error instanceof DomainError && error.code === 'unavailable')) soon()
        throw error instanceof ListUnreadable ? new DomainError('unavailable', error.message, { cause: error, retryAfter: 15 }) : error
      }
    },
    status: () => status,
    async close() {
      if (closed) return
      closed = true
      cancel?.()
      await turn.close()
      await poll.giveBack().catch(() => undefined)
    },
  }
}
