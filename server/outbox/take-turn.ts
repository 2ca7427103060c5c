// One turn of a line: claims its head, and does what the head's state asks for.
import type { Parts } from '../parts.ts'
import { noChanges } from '../store/no-changes.ts'
import type { Head } from '../store/records.ts'
import { tell } from '../tell.ts'
import type { Line } from './lines.ts'
import type { Leave } from './pacer.ts'
import { LEASE_MS } from './sender-lease.ts'
import { type Persist, sendClaimed } from './send-claimed.ts'
import { pursueUnconfirmed } from './settle-unconfirmed.ts'

/** The line afterwards: it goes on, waits so many ms, or has nothing more to send. */
export type AfterTurn = 'again' | 'empty' | { waitMs: number }

/** Longer than the gateway's own time-out. */
const CLAIM_LEASE_MS = 40_000

/** @throws DomainError `unavailable` when the store cannot be reached. */
export async function takeTurn(parts: Parts, line: Line, fence: number, leave: Leave, persist: Persist): Promise<AfterTurn> {
  const { store, clock } = parts
  const head = await store.claim(line.orgId, line.lineId, { now: clock.now(), leaseMs: CLAIM_LEASE_MS, fence })
  // Others need not wait for what a line that sends nothing has still to do.
  if (head.state !== 'claimed') leave.giveBack()
  switch (head.state) {
    case 'empty':
      return 'empty'
    case 'waiting':
      return { waitMs: Math.max(1, head.until - clock.now()) }
    case 'in_flight':
      // Somebody else's, or ours from before: freed by its lease or a newer fence.
      if (head.leaseUntil <= clock.now()) tell(parts, await store.expireClaims(line.orgId, line.sender, { now: clock.now(), fence }))
      return { waitMs: Math.min(Math.max(1000, head.leaseUntil - clock.now()), LEASE_MS) }
    case 'unconfirmed': {
      line.lane = head.claim.lane
      const waitMs = await pursueUnconfirmed(parts, head.claim, line)
      return waitMs === null ? 'again' : { waitMs }
    }
    case 'claimed':
      return send(parts, line, head, leave, persist)
  }
}

async function send(
  parts: Parts,
  line: Line,
  { claim }: Extract<Head, { state: 'claimed' }>,
  leave: Leave,
  persist: Persist,
): Promise<AfterTurn> {
  line.lane = claim.lane
  line.cost = claim.cost
  line.look = null
  // Whoever has the thread open sees that it is on its way; the row shows it when Twilio answered.
  tell(parts, { ...noChanges(line.orgId, 'progress'), messages: [claim.message] })
  const result = await sendClaimed(parts, claim, line.setbacks, leave, persist)
  line.setbacks = result.next === 'wait' ? line.setbacks + 1 : 0
  return result.next === 'wait' ? { waitMs: result.ms } : 'again'
}
