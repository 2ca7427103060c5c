// Who wants no more messages: said about a line by others than its client, and listed.
import { takesOther, listOptOuts, afterOptOut, type OptOutSaid } from '../../rules/opt-out.ts'
import { noChanges } from '../no-changes.ts'
import type { ListedOptOut, OptOutSaved, Page, PageRequest } from '../records.ts'
import type { Database } from './database.ts'
import { flushWhere } from './flush.ts'
import { optOutFactsOf, optOutFields } from './line.ts'
import { readParts, writePosition } from './position.ts'
import { toConversation } from './rows.ts'
import { touched, withoutConflict } from './write.ts'

/** Killed in the middle, the same call again does the rest. */
export async function sayOptOut(db: Database, orgId: string, lineId: string, said: OptOutSaid, at: number): Promise<OptOutSaved> {
  const fields = optOutFields(said, at)
  const line = await db.lines.findOne({ _id: lineId, orgId })
  if (!line) return { changed: false, changes: noChanges(orgId) }
  // What is not copied yet may have said something else before.
  await flushWhere(db, { orgId, contactId: line.contactId })
  const before = await withoutConflict(() =>
    db.lines.findOneAndUpdate({ _id: lineId, orgId }, [{ $set: fields }], { returnDocument: 'before' }),
  )
  const facts = optOutFactsOf(before ?? line)
  const changed = takesOther(facts, afterOptOut(facts, said, at))
  const shown = await db.conversations.find({ orgId, lineId }, { projection: { _id: 1 } }).toArray()
  const told = await Promise.all(
    shown.map(({ _id }) =>
      withoutConflict(() =>
        db.conversations.findOneAndUpdate(
          { _id, orgId, lineId, $or: [{ optSaidAt: null }, { optSaidAt: { $lt: at } }] },
          [{ $set: { ...fields, ...touched(db.clock.now()) } }],
          { returnDocument: 'after' },
        ),
      ),
    ),
  )
  return { changed, changes: { ...noChanges(orgId), conversations: told.filter((doc) => doc !== null).map(toConversation) } }
}

/** In the order of their lines. */
export async function optOuts(db: Database, orgId: string, page: PageRequest): Promise<Page<ListedOptOut>> {
  const [after = ''] = (readParts(page.cursor, ['string']) ?? []) as string[]
  const out = { $or: [{ optedOutAt: { $gt: 0 } }, { marketingOutAt: { $gt: 0 } }] }
  await flushWhere(db, { orgId })
  const docs = await db.lines
    .find({ orgId, _id: { $gt: after }, optSaidAt: { $gt: 0 }, ...out })
    .sort({ _id: 1 })
    .limit(page.limit + 1)
    .toArray()
  const lines = docs.slice(0, page.limit)
  const contacts = await db.contacts
    .find({ orgId, _id: { $in: lines.map((line) => line.contactId) } }, { projection: { name: 1 } })
    .toArray()
  const nameOf = new Map(contacts.map(({ _id, name }) => [_id, name]))
  const items = lines.flatMap(({ channel, sender, contactId, address, phone, ...line }) =>
    listOptOuts(optOutFactsOf(line)).map((one) => ({
      ...{ channel, sender, ...one },
      contact: { id: contactId, name: nameOf.get(contactId) ?? address, address, phone },
    })),
  )
  return { items, nextCursor: docs.length > page.limit ? writePosition([lines.at(-1)?._id ?? '']) : null }
}
