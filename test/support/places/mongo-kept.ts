// Places for MongoDB that serve again: a new database takes a second for its indexes, emptying one takes a moment.
// For whoever does not change what a database is made of.
import { createConnection } from 'mongoose'
import { afterAll } from 'vitest'
import { migrations } from '../../../server/store/mongo/migrations.ts'
import { schemas } from '../../../server/store/mongo/schema.ts'
import type { StorePlaces } from '../places.ts'
import { places as fresh } from './mongo.ts'

const kept: string[] = []
afterAll(async () => {
  for (const address of kept.splice(0)) await fresh.remove(address)
})

/** False: it is not of the newest version, or was not opened at all. */
async function empty(address: string): Promise<boolean> {
  const connection = await createConnection(address).asPromise()
  try {
    const versions = await connection.collection('meta').find().toArray()
    if (versions.length !== 1 || versions[0]?.version !== migrations.length || 'migratingFrom' in versions[0]) return false
    const names = Object.keys(schemas).filter((name) => name !== 'meta')
    await Promise.all(names.map((name) => connection.collection(name).deleteMany({})))
    return true
  } finally {
    await connection.close()
  }
}

export const places: StorePlaces = {
  ...fresh,
  create: async () => kept.pop() ?? (await fresh.create()),
  async remove(address) {
    if (await empty(address)) kept.push(address)
    else await fresh.remove(address)
  },
}
