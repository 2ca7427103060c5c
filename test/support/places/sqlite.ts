// Places for SQLite: a folder of its own for each, under the system's temporary one.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { systemClock } from '../../../server/clock.ts'
import { createIds } from '../../../server/ids.ts'
import { openStore } from '../../../server/store/open-store.ts'
import type { StorePlaces } from '../places.ts'

const prefix = 'sqlite:'

export const places: StorePlaces = {
  module: import.meta.url,
  create: async () => prefix + join(await mkdtemp(join(tmpdir(), 'hilo-store-')), 'hilo.db'),
  open: (address) => openStore(address, { clock: systemClock, newId: createIds(systemClock.now) }),
  remove: (address) => rm(dirname(address.slice(prefix.length)), { recursive: true, force: true }),
}
