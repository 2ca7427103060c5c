// The one way in which a change is told: to the browsers whom it concerns, to the dispatcher, and to other processes.
import type { Message } from '../shared/model.ts'
import type { Dispatch, Parts } from './parts.ts'
import { hearsOfMessage, hearsOfRow } from './rules/audience.ts'
import { type Follows, whatFollows } from './rules/what-follows.ts'
import type { Found } from './rules/what-was-found.ts'
import type { Changes } from './store/records.ts'

type Here = Pick<Parts, 'publish' | 'dispatch'>

/** Returns at once. Call it once for everything that a write answers as changed. */
export function tell(parts: Here & Pick<Parts, 'others'> & Partial<Pick<Parts, 'automations'>>, changes: Changes): void {
  tellHere(parts, changes)
  const records = spokenIn(changes)
  if (records.length > 0) parts.automations?.spoke(changes.orgId, records)
  parts.others.tell({ kind: 'changes', changes })
}

/** Hands the news of another process to this one's browsers and dispatcher. */
export function tellHere(parts: Here, changes: Changes): void {
  show(parts, changes)
  follow(parts.dispatch, whatFollows(changes))
}

/** The same for changes found in the feed. */
export function tellFound(parts: Here, { told, follows }: Found): void {
  for (const changes of told) show(parts, changes)
  follow(parts.dispatch, follows)
}

/** Records in whose threads something was said to the client, or by him. */
function spokenIn({ news, messages }: Changes): string[] {
  const isSaid = ({ direction, seq }: Message) =>
    seq !== null && (direction === 'inbound' || (direction === 'outbound' && news === 'entered'))
  return [...new Set(messages.filter(isSaid).map(({ coordinationId }) => coordinationId))].filter((id) => id !== null)
}

function show({ publish }: Pick<Parts, 'publish'>, changes: Changes): void {
  publish.changes(changes, {
    message: (message) => hearsOfMessage(message, changes.news),
    row: (row) => hearsOfRow(row, changes),
  })
}

function follow(dispatch: Dispatch, { wake, release, settle, schedule, fetch }: Follows): void {
  for (const lineId of release) dispatch.release(lineId)
  for (const messageId of settle) dispatch.settle(messageId)
  for (const dueAt of schedule) dispatch.schedule(dueAt)
  for (const line of wake) dispatch.wake(line)
  if (fetch) dispatch.fetchMedia()
}
