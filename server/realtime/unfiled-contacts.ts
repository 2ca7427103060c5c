// Of whom something unfiled changed in a turn: it waits, was answered, or went to a record or came from one.
import type { Turn } from './publish.ts'

export function unfiledContacts({ conversations, left }: Pick<Turn, 'conversations' | 'left'>): string[] {
  const moved = left.some(({ from, to }) => from === null || to === null)
  const states = [...conversations.values()].map(({ item }) => item)
  return [...new Set(states.filter((state) => moved || state.coordinationId === null).map((state) => state.contact.id))]
}
