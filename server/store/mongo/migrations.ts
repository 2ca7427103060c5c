// The schema's version and its forward migrations. Each must do no harm when two processes run it at once or when
// it is repeated after a crash.
import type mongoose from 'mongoose'
import { DomainError } from '../../../shared/problems.ts'
import type { NameSource } from '../../rules/contact.ts'
import { shownMedia } from '../../rules/shown-media.ts'
import type { ConversationDoc, MetaDoc } from './documents.ts'
import { schemaLost } from './errors.ts'
import { keyLines } from './key-lines.ts'
import { type Collections, schemas } from './schema.ts'
import { insertOnce, literal, withoutConflict } from './write.ts'

async function createIndexes(connection: mongoose.Connection): Promise<void> {
  for (const [name, schema] of Object.entries(schemas)) {
    const model = connection.models[name] ?? connection.model(name, schema)
    // Servers that start at once on a new database get in each other's way.
    await withoutConflict(() => model.createCollection())
    await withoutConflict(() => model.createIndexes())
  }
}

async function listFailures(_: mongoose.Connection, { conversations, messages }: Collections): Promise<void> {
  const failed = conversations.find({ 'lastMessage.status': 'failed', 'lastMessage.direction': 'outbound', failures: { $exists: false } })
  for await (const { _id, orgId, lastMessage } of failed.project<Pick<ConversationDoc, '_id' | 'orgId' | 'lastMessage'>>({
    orgId: 1,
    lastMessage: 1,
  })) {
    const messageId = lastMessage?.id ?? ''
    const message = await messages.findOne({ _id: messageId, orgId }, { projection: { error: 1 } })
    if (message?.error)
      await withoutConflict(() =>
        conversations.updateOne({ _id, failures: { $exists: false } }, [
          { $set: { failures: literal([{ messageId, error: message.error }]), rev: { $add: ['$rev', 1] }, changedAt: '$$NOW' } },
        ]),
      )
  }
}

/** What the log's own indexes answer by now. Where it stays it costs a little, and harms nothing. */
async function dropTimeIndex(_: mongoose.Connection, { messages, scheduled }: Collections): Promise<void> {
  for (const collection of [messages, scheduled]) await collection.dropIndex('orgId_1_createdAt_-1__id_-1').catch(() => undefined)
}

/** Until then no list told what the last message's media are. */
async function showAttachments(_: mongoose.Connection, { conversations, messages }: Collections): Promise<void> {
  const untold = conversations.find({ 'lastMessage.type': 'media', 'lastMessage.attachment': { $exists: false } })
  for await (const { _id, orgId, lastMessage, pending } of untold.project<
    Pick<ConversationDoc, '_id' | 'orgId' | 'lastMessage' | 'pending'>
  >({
    orgId: 1,
    lastMessage: 1,
    pending: 1,
  })) {
    const id = lastMessage?.id ?? ''
    const message = pending.find((one) => one._id === id) ?? (await messages.findOne({ _id: id, orgId }, { projection: { media: 1 } }))
    const attachment = literal(shownMedia(message?.media ?? []))
    await withoutConflict(() =>
      conversations.updateOne({ _id, 'lastMessage.id': id, 'lastMessage.attachment': { $exists: false } }, [
        { $set: { 'lastMessage.attachment': attachment, rev: { $add: ['$rev', 1] }, changedAt: '$$NOW' } },
      ]),
    )
  }
}

type Migration = (connection: mongoose.Connection, collections: Collections) => Promise<void>

/** In order; the version is how many of them a database has seen. Indexes that are there already are left alone. */
export const migrations: readonly Migration[] = [
  createIndexes,
  // Agents, push subscriptions and what is kept once are new collections.
  createIndexes,
  // How far recovery has come, and sent messages in the order of their claims.
  createIndexes,
  // Conversations by what the inbox's filters count.
  createIndexes,
  // Records are listed by their last save.
  createIndexes,
  // A name that an agent gave has one word.
  async (_, { contacts }) => void (await contacts.updateMany({ nameSource: 'given' as NameSource }, { $set: { nameSource: 'agent' } })),
  // Messages that entered for a contact lately.
  createIndexes,
  // A line is one of our senders and one address.
  keyLines,
  // The changes in an organization, for other processes, and which of them are there.
  createIndexes,
  // Whose last message has failed: until then nothing more was known. What is listed already is left alone.
  listFailures,
  // Who opted out, of what and by whose word.
  createIndexes,
  // Templates are kept.
  createIndexes,
  // Messages by when the next of their media is to be fetched.
  createIndexes,
  // What people set up.
  createIndexes,
  // The kind of a last message's media.
  showAttachments,
  // Sensitive messages that still say something.
  createIndexes,
  // What is told to the host's webhooks.
  createIndexes,
  // Records by when they are to be looked at next.
  createIndexes,
  // Messages by the files that they name.
  createIndexes,
  // Campaigns and their recipients.
  createIndexes,
  // Contacts by the host's id of the client.
  createIndexes,
  // The message log by each of its filters.
  createIndexes,
  dropTimeIndex,
]

/**
 * Brings the database to the newest version. Its version is the newest from the first step on, so that no older server takes
 * a layout of halves for its own; `migratingFrom` says that the last step is still to come.
 *
 * @throws DomainError `unavailable`, with what to do, for a newer schema or a lost version.
 */
export async function migrate(connection: mongoose.Connection, collections: Collections, steps = migrations): Promise<void> {
  const { meta } = collections
  const newest = steps.length
  const known = await versionOf(collections)
  if (known !== null && known.version > newest)
    throw new DomainError(
      'unavailable',
      `The database ${connection.name} has schema version ${known.version}, this Hilo knows up to ${newest}. Start the newer Hilo that wrote it, or restore a backup of before.`,
    )
  const from = known === null ? 0 : (known.migratingFrom ?? known.version)
  if (from === newest) return
  if (known !== null) await meta.updateOne({ _id: 'schema' }, { $max: { version: newest }, $min: { migratingFrom: from } })
  // Steps that several versions asked for are done once. Indexes come last: they are those of the newest documents.
  const missing = new Set(steps.slice(from))
  missing.delete(createIndexes)
  for (const step of [...missing, createIndexes]) await step(connection, collections)
  await insertOnce(meta, { _id: 'schema', version: newest }, { _id: 'schema' })
  await meta.updateOne({ _id: 'schema', version: newest }, { $unset: { migratingFrom: '' } })
}

/** Null: a new database. What holds conversations and no version is no new one, and migrating it again could do harm. */
async function versionOf({ meta, conversations, contacts }: Collections): Promise<MetaDoc | null> {
  const version = await meta.findOne({ _id: 'schema' })
  if (version !== null) return version
  const used = (await contacts.findOne({}, { projection: { _id: 1 } })) ?? (await conversations.findOne({}, { projection: { _id: 1 } }))
  if (used === null) return null
  // Another process may have made it meanwhile, and written.
  const later = await meta.findOne({ _id: 'schema' })
  if (later === null) throw schemaLost()
  return later
}
