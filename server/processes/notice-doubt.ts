// A store call that fails because the database is away may have been done all the same: its answer was lost, not it.
import { DomainError } from '../../shared/problems.ts'
import type { Store } from '../store/store.ts'

/** The same store; `doubt` is called with each such failure. */
export function noticeDoubt(store: Store, doubt: () => void): Store {
  const calls = Object.entries(store).map(([name, call]: [string, (...args: unknown[]) => Promise<unknown>]) => {
    const noticed = async (...args: unknown[]) => {
      try {
        return await call(...args)
      } catch (error) {
        if (error instanceof DomainError && error.code === 'unavailable') doubt()
        throw error
      }
    }
    return [name, noticed]
  })
  return Object.fromEntries(calls) as Store
}
