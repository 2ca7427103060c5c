// Why the server did not take something, in the agent's words.
import type { Problem } from '../../shared/problems.ts'
import { fill } from '../locales/format.ts'
import type { Words } from '../locales/words.ts'

/** Codes are the server's, also those of a newer one. */
export interface Refusal {
  code: string
  issues?: Problem['issues']
}

/** `validation_failed` says by its first issue which field of the call is meant. */
const fields: Readonly<Record<string, keyof Words['invalid']>> = {
  text: 'text',
  note: 'text',
  template: 'template',
  sendAt: 'time',
  snoozedUntil: 'time',
  name: 'name',
  tags: 'tags',
  coordinationId: 'record',
  replyToId: 'quote',
}
const numbers = ['to', 'phone', 'addresses']

function invalidText({ invalidNumber, invalid }: Words, { issues = [] }: Refusal): string {
  const path = issues[0]?.path ?? ''
  const [field = ''] = path.split('.')
  if (numbers.includes(field)) return invalidNumber
  const known = Object.hasOwn(fields, field) ? fields[field] : undefined
  return known === undefined ? fill(invalid.other, { path: path || '?' }) : invalid[known]
}

export function problemText(words: Words, problem: Refusal, values: { n?: string; channel?: string } = {}): string {
  const { code } = problem
  if (code === 'window_closed') return words.windowClosed
  if (code === 'opted_out') return fill(words.optedOut, values)
  if (code === 'no_sender') return fill(words.noSender, values)
  if (code === 'limit_reached') return words.limitReached
  if (code === 'rate_limited') return words.delayRate
  if (code === 'invalid_phone') return words.invalidNumber
  if (code === 'validation_failed') return invalidText(words, problem)
  if (code === 'not_found' || code === 'forbidden') return words.gone
  if (code === 'unavailable' || code === 'internal') return words.loadError
  return words.sendRefused
}
