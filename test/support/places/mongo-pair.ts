// Places that two processes share: every second call goes to another store that is open on the same database.
import type { Store } from '../../../server/store/store.ts'
import type { StorePlaces } from '../places.ts'
import { places as single } from './mongo.ts'

export const places: StorePlaces = {
  ...single,
  module: import.meta.url,
  async open(address) {
    const stores = [await single.open(address), await single.open(address)] as const
    let calls = 0
    return new Proxy(stores[0], {
      get(first, name: keyof Store) {
        if (name === 'close') return () => Promise.all(stores.map((store) => store.close()))
        return (...args: unknown[]) => {
          const store = stores[calls++ % 2] ?? first
          return Reflect.apply(store[name], store, args)
        }
      },
    })
  },
}
