// The head of a line: its lowest open message, over all conversations of the line, claimed by compare-and-set.
import type { Channel } from '../../../shared/model.ts'
import { claimMessage, waitsUntil } from '../../rules/message.ts'
import type { Head, OpenLine } from '../records.ts'
import { changeEntered } from './change-message.ts'
import type { Database } from './database.ts'
import type { MessageDoc } from './documents.ts'
import { flushLine, flushOrg, flushWhere } from './flush.ts'
import { toClaim } from './rows.ts'
import { repeat } from './write.ts'

export function claim(
  db: Database,
  orgId: string,
  lineId: string,
  options: { now: number; leaseMs: number; fence: number },
): Promise<Head> {
  return repeat<Head>(async () => {
    // An appended message is on the line only once it is flushed: else a later message could leave before it.
    await flushLine(db, orgId, lineId)
    const [[head], line] = await Promise.all([
      db.messages.find({ orgId, lineId, open: true }).sort({ enteredAt: 1, entry: 1 }).limit(1).toArray(),
      db.lines.findOne({ _id: lineId, orgId }),
    ])
    if (!head || !line) return { state: 'empty' }
    if (head.status === 'sending') return { state: 'in_flight', claim: toClaim(head, line), leaseUntil: head.leaseUntil ?? 0 }
    if (head.status === 'unconfirmed') return { state: 'unconfirmed', claim: toClaim(head, line), leaseUntil: head.leaseUntil ?? 0 }
    const until = waitsUntil(head, options.now)
    if (until !== null) return { state: 'waiting', until }
    const changed = await changeEntered(db, { _id: head._id, orgId }, claimMessage(options))
    if (!changed) return undefined
    // The preview follows with what becomes of it: a claim alone tells nobody.
    return { state: 'claimed', claim: toClaim(changed.after, line) }
  })
}

export async function openLines(db: Database, after: string | null, limit: number): Promise<OpenLine[]> {
  await flushWhere(db, {})
  const heads = await db.messages
    .aggregate<{ _id: string; head: Pick<MessageDoc, 'orgId' | 'channel' | 'sender' | 'lane' | 'cost' | 'queuedAt'> }>([
      { $match: { open: true, lineId: { $gt: after ?? '' } } },
      { $sort: { lineId: 1, enteredAt: 1, entry: 1 } },
      {
        $group: {
          _id: '$lineId',
          head: {
            $first: { orgId: '$orgId', channel: '$channel', sender: '$sender', lane: '$lane', cost: '$cost', queuedAt: '$queuedAt' },
          },
        },
      },
      { $sort: { _id: 1 } },
      { $limit: limit },
    ])
    .toArray()
  return heads.map(({ _id, head }) => ({
    lineId: _id,
    orgId: head.orgId,
    channel: head.channel,
    sender: head.sender,
    lane: head.lane,
    cost: head.cost,
    since: head.queuedAt,
  }))
}

export async function oldestQueued(db: Database, orgId: string): Promise<{ channel: Channel; sender: string; since: number }[]> {
  await flushOrg(db, orgId)
  const oldest = await db.messages
    .aggregate<{ _id: { channel: Channel; sender: string }; since: number }>([
      { $match: { orgId, open: true } },
      { $group: { _id: { channel: '$channel', sender: '$sender' }, since: { $min: '$queuedAt' } } },
    ])
    .toArray()
  return oldest.map(({ _id, since }) => ({ ..._id, since }))
}
