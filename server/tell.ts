// The one way in which a change is told: to the browsers whom it concerns, and to the dispatcher.
import type { Parts } from './parts.ts'
import { hearsOfMessage, hearsOfRow } from './rules/audience.ts'
import { whatFollows } from './rules/what-follows.ts'
import type { Changes } from './store/records.ts'

/** Returns at once. Call it once for everything that a write answers as changed. */
export function tell({ publish, dispatch }: Pick<Parts, 'publish' | 'dispatch'>, changes: Changes): void {
  publish.changes(changes, {
    message: (message) => hearsOfMessage(message, changes.news),
    row: (row) => hearsOfRow(row, changes),
  })
  const { wake, release, settle, schedule } = whatFollows(changes)
  for (const lineId of release) dispatch.release(lineId)
  for (const messageId of settle) dispatch.settle(messageId)
  for (const dueAt of schedule) dispatch.schedule(dueAt)
  for (const line of wake) dispatch.wake(line)
}
