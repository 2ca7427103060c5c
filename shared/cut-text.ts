// The beginning of a text, without half of a sign at its end.
import { signStart } from './signs.ts'

export function cutText(text: string, maxUnits: number): string {
  if (text.length <= maxUnits) return text
  const end = signStart(text, maxUnits)
  if (end > 0) return text.slice(0, end)
  // One sign that is longer than all of it, such as a letter under heaps of accents: cut between code points.
  const cut = text.slice(0, maxUnits)
  return /[\uD800-\uDBFF]$/.test(cut) ? cut.slice(0, -1) : cut
}
