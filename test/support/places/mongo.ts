// Places for MongoDB: a database of its own for each, on the server that MONGODB_URL names.
import { randomBytes } from 'node:crypto'
import { createConnection } from 'mongoose'
import { systemClock } from '../../../server/clock.ts'
import { createIds } from '../../../server/ids.ts'
import { openStore } from '../../../server/store/open-store.ts'
import type { StorePlaces } from '../places.ts'

export const serverUrl = process.env.MONGODB_URL

export const places: StorePlaces = {
  module: import.meta.url,
  async create() {
    const url = new URL(serverUrl ?? '')
    url.pathname = `/hilo_test_${randomBytes(6).toString('hex')}`
    return url.toString()
  },
  open: (address) => openStore(address, { clock: systemClock, newId: createIds(systemClock.now) }),
  async remove(address) {
    const connection = await createConnection(address).asPromise()
    await connection.dropDatabase()
    await connection.close()
  },
}

/** The server's own name and version: the suite prints it, others are not claimed. */
export async function describeServer(): Promise<string> {
  const connection = await createConnection(serverUrl ?? '').asPromise()
  try {
    const info = await connection.db?.admin().command({ buildInfo: 1 })
    const ferret = info?.ferretdb as { version?: string } | undefined
    return `MongoDB ${String(info?.version)}${ferret ? ` (FerretDB ${ferret.version ?? ''})` : ''}`
  } finally {
    await connection.close()
  }
}
