// The beginning of a text, without half of a sign at its end.

export function cutText(text: string, maxUnits: number): string {
  if (text.length <= maxUnits) return text
  const cut = text.slice(0, maxUnits)
  return /[\uD800-\uDBFF]$/.test(cut) ? cut.slice(0, -1) : cut
}
