/** Text for comparing: without case and accents. `Peña` and `PENA` fold to the same. */
export function foldText(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase()
}
