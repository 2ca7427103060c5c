// What a value of a template must be.
import { isBlank } from './is-blank.ts'

const VALUE_CHARS = 1024
export type ValueFault = 'empty' | 'break' | 'spaces' | 'long' | 'code'

/** What WhatsApp refuses in a value (63013, 21656). */
export function valueFault(value: string): ValueFault | null {
  if (isBlank(value)) return 'empty'
  if (/[\n\r\t\v\f\u0085\u2028\u2029]/.test(value)) return 'break'
  if (/ {5}/.test(value)) return 'spaces'
  return value.length > VALUE_CHARS ? 'long' : null
}
