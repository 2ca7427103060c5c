// The text of a file with a fault in it.
import type { Fault } from './fault.ts'

/** @throws Error with a sentence where the fault is not for this text, so that a list that rots is noticed. */
export function seedFault(text: string, { find, nth, replace }: Fault): string {
  const pieces = text.split(find)
  const found = pieces.length - 1
  if (nth === undefined && found !== 1) throw new Error(`It should stand there once, and stands ${found} times: ${find}`)
  const place = nth ?? 1
  if (place > found) throw new Error(`There are ${found}, not ${place}: ${find}`)
  if (find === replace) throw new Error(`It changes nothing: ${find}`)
  return pieces.slice(0, place).join(find) + replace + pieces.slice(place).join(find)
}
