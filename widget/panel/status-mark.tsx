// Ticks: shape first, colour second; each has its word.
import type { Message, MessageStatus } from '../../shared/model.ts'
import type { Words } from '../locales/words.ts'
import { Icon } from './icon.tsx'
import type { IconName } from './icons.ts'

const marks: Record<MessageStatus, IconName | null> = {
  received: null,
  scheduled: 'clock',
  queued: 'clock',
  sending: 'sending',
  unconfirmed: 'question',
  sent: 'tick',
  delivered: 'ticks',
  read: 'ticks',
  failed: 'alert',
  canceled: 'ban',
}

/** A sentence's first part, and the rest: a title and what it means. */
export function splitSentence(text: string): [string, string] {
  const [, title = text, rest = ''] = /^(.+?)\.(?:\s+(.*))?$/s.exec(text) ?? []
  return [title, rest]
}

export function statusWord(words: Words, status: Message['status']): string {
  return status === 'failed' ? splitSentence(words.failed)[0] : words[status]
}

export function StatusMark({ status, words }: { status: MessageStatus; words: Words }) {
  const icon = marks[status]
  return icon && <Icon name={icon} class={`s16 tick ${status}`} label={statusWord(words, status)} />
}
