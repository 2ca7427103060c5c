// Places that two processes share: every second call goes to another store that is open on the same database.
import type { Store } from '../../../server/store/store.ts'
import type { StorePlaces } from '../places.ts'
import { places as single } from './mongo-kept.ts'

export const places: StorePlaces = {
  ...single,
  module: import.meta.url,
  async open(address) {
    const stores = [await single.open(address), await single.open(address)] as const
    let calls = 0
    const next =
      (name: keyof Store) =>
      (...args: unknown[]) =>
        Reflect.apply(stores[calls++ % 2]?.[name] ?? stores[0][name], null, args)
    const pair = Object.fromEntries(Object.keys(stores[0]).map((name) => [name, next(name as keyof Store)])) as unknown as Store
    return { ...pair, close: async () => void (await Promise.all(stores.map((store) => store.close()))) }
  },
}
