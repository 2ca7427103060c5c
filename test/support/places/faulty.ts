// Places for stores with a fault: SQLite, wrapped. The fault's name is in the address, so that a child process opens the
// same faulty store.
import { cp, mkdir, readdir, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Store } from '../../../server/store/store.ts'
import { findFault } from '../faulty-store.ts'
import type { StorePlaces } from '../places.ts'
import { places as sqlite } from './sqlite.ts'

const separator = '#'

function split(address: string): { inner: string; name: string | null } {
  const [inner = '', name] = address.split(separator)
  return { inner, name: name ?? null }
}

/** Opened on a copy, which only `close` brings back: nothing that was acknowledged outlives the process. */
async function openVolatile(address: string): Promise<Store> {
  const folder = dirname(address.slice('sqlite:'.length))
  const copy = join(folder, 'copy')
  await rm(copy, { recursive: true, force: true })
  await mkdir(copy)
  const files = (await readdir(folder)).filter((name) => name.startsWith('hilo.db') && !name.endsWith('.lock'))
  for (const name of files) await cp(join(folder, name), join(copy, name))
  const store = await sqlite.open(`sqlite:${join(copy, 'hilo.db')}`)
  return {
    ...store,
    async close() {
      await store.close()
      for (const name of await readdir(copy)) if (!name.endsWith('.lock')) await cp(join(copy, name), join(folder, name))
    },
  }
}

export const places: StorePlaces = {
  module: import.meta.url,
  create: () => sqlite.create(),
  async open(address) {
    const { inner, name } = split(address)
    if (name === null) return await sqlite.open(inner)
    const store = name.startsWith('acknowledged but not durable') ? await openVolatile(inner) : await sqlite.open(inner)
    return findFault(name).wrap(store)
  },
  remove: (address) => sqlite.remove(split(address).inner),
}

/** Places whose stores have this fault; null: none, which is the control. */
export function placesWith(fault: string | null): StorePlaces {
  return { ...places, create: async () => (await sqlite.create()) + (fault === null ? '' : separator + fault) }
}
