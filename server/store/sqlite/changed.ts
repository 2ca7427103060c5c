// The answer of a write: each changed thing as it then was.
import { noChanges } from '../no-changes.ts'
import type { Changes } from '../records.ts'

export function changed(orgId: string, what: Partial<Omit<Changes, 'orgId'>> = {}): Changes {
  return { ...noChanges(orgId), ...what }
}
