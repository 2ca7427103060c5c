// The answer of a write that changed nothing, to be filled by one that did.
import type { Changes } from './records.ts'

export const noChanges = (orgId: string, news: Changes['news'] = 'other'): Changes => ({
  orgId,
  conversations: [],
  messages: [],
  left: [],
  news,
  released: [],
})
