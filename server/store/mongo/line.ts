// Lines as documents: found and made as server/rules/line.ts says, once, also when many ask at the same moment.
import { changeLine, findLine, hear, type Latest, type LinePlace } from '../../rules/line.ts'
import { changeOptOut, noOptOut, type OptOutFacts, type OptOutSaid } from '../../rules/opt-out.ts'
import type { Database } from './database.ts'
import type { ConversationDoc, LineDoc, MessageDoc } from './documents.ts'
import { insertOnce, isDuplicate, literal, repeat } from './write.ts'

export function takeLine(db: Database, request: LinePlace): Promise<{ line: LineDoc; created: boolean }> {
  const { orgId, channel, sender, keys } = request
  // In this process one at a time: first messages that arrive together would keep refusing each other.
  return db.lock(`line|${orgId}|${channel}|${sender}|${keys[0]}`, () =>
    repeat(async () => {
      const lines = await db.lines.find({ orgId, channel, sender, key: { $in: [...keys] } }).toArray()
      const line = findLine(request, (key) => lines.find((one) => one.key === key))
      return line ? bringUpTo(db, line, request) : makeLine(db, request)
    }),
  )
}

/** Undefined: another made it meanwhile, look again. */
async function makeLine(db: Database, { contactId, keys, ...place }: LinePlace) {
  const { orgId, channel, sender, address, phone } = place
  const found = { orgId, channel, sender, key: keys[0] }
  const made: LineDoc = {
    _id: db.newId(),
    ...found,
    contactId,
    address,
    phone,
    lastInboundAt: null,
    ...noOptOut,
    lastRecord: null,
    lastRecordAt: 0,
  }
  const { inserted, document } = await insertOnce(db.lines, made, found)
  return inserted ? { line: document, created: true } : undefined
}

/** Undefined: it changed meanwhile, or its key is taken by now. */
async function bringUpTo(db: Database, line: LineDoc, request: LinePlace) {
  const change = changeLine(line, request)
  if (change === null) return { line, created: false }
  const { _id, orgId, key, contactId } = line
  // A message still on its way to the line that was said before counts as forgotten too.
  const forgotten = change.lastRecord === null ? { lastRecordAt: await db.now() } : {}
  try {
    const after = await db.lines.findOneAndUpdate(
      { _id, orgId, key, contactId },
      { $set: { ...change, ...forgotten } },
      { returnDocument: 'after' },
    )
    return after ? { line: after, created: false } : undefined
  } catch (error) {
    if (isDuplicate(error)) return undefined
    throw error
  }
}

/** The fields of its line that a thread shows. */
export const shownLine = ({
  address,
  phone,
  lastInboundAt,
  ...line
}: Pick<LineDoc, 'address' | 'phone' | 'lastInboundAt'> & OptOutFacts) => ({
  ...{ address, phone, lastInboundAt },
  ...optOutFactsOf(line),
})

/** What an older Hilo wrote has the first field alone. */
export function optOutFactsOf(line: Partial<OptOutFacts>): OptOutFacts {
  const { optedOutAt = null, optedOutBy = null, marketingOutAt = null, marketingOutBy = null, optSaidAt = null } = line
  return { optedOutAt, optedOutBy, marketingOutAt, marketingOutBy, optSaidAt }
}

/** Pipeline fields: `by` is the time of what was said last. */
function latestFields(by: string, { at, set, orElse = {} }: Latest<object>): Record<string, unknown> {
  const isLatest = { $gte: [at, { $ifNull: [`$${by}`, 0] }] }
  return {
    [by]: { $max: [`$${by}`, at] },
    ...Object.fromEntries(Object.entries(set).map(([name, value]) => [name, { $cond: [isLatest, literal(value), `$${name}`] }])),
    ...Object.fromEntries(
      Object.entries(orElse).map(([name, value]) => [name, { $cond: [isLatest, { $ifNull: [`$${name}`, literal(value)] }, `$${name}`] }]),
    ),
  }
}

/** Applies an inbound message to a line, and to a thread that shows it. */
export const windowFields = (message: Pick<MessageDoc, 'createdAt' | 'address' | 'phone'>) => latestFields('lastInboundAt', hear(message))

/** Applies what was said about further messages to a line, and to a thread that shows it. */
export const optOutFields = (said: OptOutSaid, at: number) => latestFields('optSaidAt', changeOptOut(said, at))

/** Makes a record the line's last one, unless a later one is. */
export const lastRecordFields = (coordinationId: ConversationDoc['coordinationId'], at: number) =>
  latestFields('lastRecordAt', { at, set: { lastRecord: { coordinationId } } })
