// Lines of before were one per contact, channel and sender; now they are one per address, and so each has a key.
import type mongoose from 'mongoose'
import { normalisedAddress } from '../../../shared/phone.ts'
import type { LineDoc } from './documents.ts'
import { addressKey } from './identify.ts'
import type { Collections } from './schema.ts'

const OLD_INDEX = 'orgId_1_contactId_1_channel_1_sender_1'
const BATCH = 500

/** Each step finds only what is not done yet, so that it may be repeated, also by two servers at once. */
export async function keyLines(connection: mongoose.Connection, collections: Collections): Promise<void> {
  await giveKeys(collections)
  await keepOneOfEach(connection, collections)
  // By it a contact could have one line only.
  const lines = connection.db?.collection('lines')
  const indexes = (await lines?.indexes().catch(() => [])) ?? []
  if (indexes.some(({ name }) => name === OLD_INDEX)) await lines?.dropIndex(OLD_INDEX).catch(() => undefined)
}

async function giveKeys({ lines }: Collections): Promise<void> {
  for (let after = ''; ; ) {
    const found = await lines
      .find({ _id: { $gt: after } })
      .sort({ _id: 1 })
      .limit(BATCH)
      .toArray()
    const updates = found.map(({ _id, phone, address }) => ({
      updateOne: { filter: { _id, key: { $exists: false } }, update: { $set: { key: normalisedAddress(phone ?? address) } } },
    }))
    if (updates.length > 0) await lines.bulkWrite(updates, { ordered: false })
    const last = found.at(-1)
    if (!last || found.length < BATCH) return
    after = last._id
  }
}

/**
 * Two contacts whose lines had one address: it stays that of the contact to whom the number leads. The other's keeps its
 * threads, under a key that no message asks for.
 */
async function keepOneOfEach(connection: mongoose.Connection, { lines, addresses }: Collections): Promise<void> {
  const place = { orgId: '$orgId', channel: '$channel', sender: '$sender', key: '$key' }
  // Without the deadline of single operations: it looks at all lines.
  const doubled =
    (await connection.db
      ?.collection('lines')
      .aggregate<{ _id: Pick<LineDoc, keyof typeof place> }>([
        { $group: { _id: place, count: { $sum: 1 } } },
        { $match: { count: { $gt: 1 } } },
      ])
      .toArray()) ?? []
  for (const { _id: of } of doubled) {
    const all = await lines.find(of).sort({ _id: 1 }).toArray()
    const owner = await addresses.findOne({ _id: addressKey(of.orgId, of.key) })
    const kept = all.find((line) => line.contactId === owner?.contactId) ?? all[0]
    for (const { _id, key } of all) if (_id !== kept?._id) await lines.updateOne({ _id, key }, { $set: { key: `${key}|${_id}` } })
  }
}
