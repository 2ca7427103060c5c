// The kind of a message that has more than text, as an icon and a word.
import type { LastMessage } from '../../shared/model.ts'
import type { Words } from '../locales/words.ts'
import type { IconName } from './icons.ts'

/** Null where the text says it all. */
export function messageKind(words: Words, type: LastMessage['type']): { icon: IconName; word: string } | null {
  if (type === 'media') return { icon: 'doc', word: words.attachment }
  if (type === 'location') return { icon: 'pin', word: words.location }
  if (type === 'contacts') return { icon: 'card', word: words.contactCard }
  if (type === 'unsupported') return { icon: 'question', word: words.unsupported }
  return null
}
