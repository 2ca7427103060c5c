// A message that is held for a moment: its author may take it back, and then it goes by itself.
import type { Message } from './model.ts'

/** The longest moment. What is planned further ahead is a plan. */
export const HOLD_SECONDS = 60

/** Written by an agent to go at once, and not gone yet. */
export function isHeld({ status, author, createdAt, dueAt }: Pick<Message, 'status' | 'author' | 'createdAt' | 'dueAt'>): boolean {
  return status === 'scheduled' && author.type === 'agent' && Date.parse(dueAt ?? '') - Date.parse(createdAt) <= HOLD_SECONDS * 1000
}
