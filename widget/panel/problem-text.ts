// Why the server did not take something, in the agent's words.
import { fill } from '../locales/format.ts'
import type { Words } from '../locales/words.ts'

export function problemText(words: Words, code: string, values: { n?: string; channel?: string } = {}): string {
  if (code === 'window_closed') return words.windowClosed
  if (code === 'opted_out') return fill(words.optedOut, values)
  if (code === 'no_sender') return fill(words.noSender, values)
  if (code === 'limit_reached') return words.limitReached
  if (code === 'rate_limited') return words.delayRate
  if (code === 'invalid_phone' || code === 'validation_failed') return words.invalidNumber
  if (code === 'not_found' || code === 'forbidden') return words.gone
  if (code === 'unavailable' || code === 'internal') return words.loadError
  return words.sendRefused
}
