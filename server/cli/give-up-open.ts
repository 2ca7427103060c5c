// After a restore: what the backup holds as not yet sent may have been sent since. It is not sent again by itself.
import type { Failure } from '../../shared/model.ts'
import { failAttempt } from '../rules/message.ts'
import type { Store } from '../store/store.ts'

const mayBeSent: Failure = {
  code: null,
  reason: 'unsettled',
  message: 'Restored from a backup: it may have been sent after the backup was made.',
  action: 'retry',
}
const PAGE = 200
/** Messages that wait for a later time are meant too. */
const YEAR_MS = 366 * 24 * 3600_000

/** No server may run. Answers how many messages now say that nobody knows; their agents decide whether they go again. */
export async function giveUpOpen(store: Store, now: number): Promise<number> {
  let count = 0
  for (let due = await store.dueMessages(now, PAGE); due.length > 0; due = await store.dueMessages(now, PAGE))
    for (const { orgId, message } of due) {
      await store.enterScheduled(orgId, message.id, now, { failure: mayBeSent })
      count++
    }
  for (let after: string | null = null; ; ) {
    const lines: { orgId: string; lineId: string; sender: string }[] = await store.openLines(after, PAGE)
    for (const { orgId, lineId, sender } of lines) {
      await store.expireClaims(orgId, sender, { now, fence: Number.MAX_SAFE_INTEGER })
      for (;;) {
        const head = await store.claim(orgId, lineId, { now: now + YEAR_MS, leaseMs: 0, fence: 0 })
        if (head.state !== 'claimed' && head.state !== 'unconfirmed') break
        await store.changeMessage(orgId, head.claim.message.id, failAttempt(head.claim, mayBeSent, now))
        count++
      }
    }
    after = lines.at(-1)?.lineId ?? null
    if (lines.length < PAGE) return count
  }
}
