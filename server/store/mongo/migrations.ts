// The schema's version and its forward migrations. Each must do no harm when two processes run it at once or when
// it is repeated after a crash.
import type mongoose from 'mongoose'
import { DomainError } from '../../../shared/problems.ts'
import type { NameSource } from '../../rules/contact.ts'
import { schemaLost } from './errors.ts'
import { type Collections, schemas } from './schema.ts'
import { insertOnce, withoutConflict } from './write.ts'

async function createIndexes(connection: mongoose.Connection): Promise<void> {
  for (const [name, schema] of Object.entries(schemas)) {
    const model = connection.models[name] ?? connection.model(name, schema)
    // Servers that start at once on a new database get in each other's way.
    await withoutConflict(() => model.createCollection())
    await withoutConflict(() => model.createIndexes())
  }
}

/** In order; the version is how many of them a database has seen. Indexes that are there already are left alone. */
const migrations: ((connection: mongoose.Connection, collections: Collections) => Promise<void>)[] = [
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
  // What entered for a contact lately.
  createIndexes,
]

/** 0: a new database. What holds conversations and no version is no new one, and migrating it again could do harm. */
async function versionOf({ meta, conversations, contacts }: Collections): Promise<number> {
  const read = async () => (await meta.findOne({ _id: 'schema' }))?.version
  const version = await read()
  if (version !== undefined) return version
  const used = (await contacts.findOne({}, { projection: { _id: 1 } })) ?? (await conversations.findOne({}, { projection: { _id: 1 } }))
  if (used === null) return 0
  // Another process may have made it meanwhile, and written.
  const later = await read()
  if (later === undefined) throw schemaLost()
  return later
}

export async function migrate(connection: mongoose.Connection, collections: Collections): Promise<void> {
  const { meta } = collections
  const version = await versionOf(collections)
  if (version > migrations.length)
    throw new DomainError(
      'unavailable',
      `The database ${connection.name} has schema version ${version}, this Hilo knows up to ${migrations.length}. Start the newer Hilo that wrote it, or restore a backup of before.`,
    )
  if (version === migrations.length) return
  // One that several versions asked for is made once.
  for (const migration of new Set(migrations.slice(version))) await migration(connection, collections)
  await insertOnce(meta, { _id: 'schema', version: migrations.length }, { _id: 'schema' })
  await meta.updateOne({ _id: 'schema' }, { $max: { version: migrations.length } })
}
