// Lists as tables of text (RFC 4180), one line for each item. Whoever reads them opens them in a spreadsheet.

/** Text that a spreadsheet would take for a formula gets an apostrophe in front. */
export function textCell(value: string | null): string {
  if (value === null || value === '') return ''
  const safe = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

/** A number with its plus is no formula, and whoever imports it wants it as it is. */
export const addressCell = (value: string | null): string => (/^\+?\d+$/.test(value ?? '') ? (value ?? '') : textCell(value))

/** Of each column its name and what stands in it. */
export type Columns<Item> = Record<string, (item: Item) => string>

const lineOf = (cells: readonly string[]) => `${cells.join(',')}\r\n`

export const headLine = (columns: Columns<never>): string => lineOf(Object.keys(columns))

export function linesOf<Item>(columns: Columns<Item>, items: readonly Item[]): string {
  const cells = Object.values(columns)
  return items.map((item) => lineOf(cells.map((cell) => cell(item)))).join('')
}
