// The kind of a message that has more than text, as an icon and a word.
import type { LastMessage } from '../../shared/model.ts'
import type { Words } from '../locales/words.ts'
import type { IconName } from './icons.ts'

/** Null where the text says it all. */
export function messageKind(
  words: Words,
  type: LastMessage['type'],
  attachment?: LastMessage['attachment'],
): { icon: IconName; word: string } | null {
  if (type === 'media') return { icon: 'doc', word: attachmentWord(words, attachment) }
  if (type === 'location') return { icon: 'pin', word: words.location }
  if (type === 'contacts') return { icon: 'card', word: words.contactCard }
  if (type === 'unsupported') return { icon: 'question', word: words.unsupported }
  return null
}

/** A document has its name. */
function attachmentWord(words: Words, attachment: LastMessage['attachment']): string {
  if (!attachment) return words.attachment
  return words.attachments[attachment.kind] + (attachment.filename ? `: ${attachment.filename}` : '')
}
