// The schema's version and its forward migrations. Each must do no harm when two processes run it at once or when
// it is repeated after a crash.
import type mongoose from 'mongoose'
import { type Collections, schemas } from './schema.ts'
import { insertOnce } from './write.ts'

async function createIndexes(connection: mongoose.Connection): Promise<void> {
  for (const [name, schema] of Object.entries(schemas)) {
    const model = connection.models[name] ?? connection.model(name, schema)
    await model.createCollection()
    await model.createIndexes()
  }
}

/** In order; the version is how many of them a database has seen. Indexes that are there already are left alone. */
const migrations: ((connection: mongoose.Connection, collections: Collections) => Promise<void>)[] = [
  createIndexes,
  // Agents, push subscriptions and what is kept once are new collections.
  createIndexes,
]

export async function migrate(connection: mongoose.Connection, collections: Collections): Promise<void> {
  const { meta } = collections
  const found = await meta.findOne({ _id: 'schema' })
  const version = found?.version ?? 0
  if (version > migrations.length)
    throw new Error(
      `The database has schema version ${version}, this Hilo knows up to ${migrations.length}. Start the newer Hilo that wrote it, or restore a backup of before.`,
    )
  if (version === migrations.length) return
  for (const migration of migrations.slice(version)) await migration(connection, collections)
  await insertOnce(meta, { _id: 'schema', version: migrations.length }, { _id: 'schema' })
  await meta.updateOne({ _id: 'schema' }, { $max: { version: migrations.length } })
}
