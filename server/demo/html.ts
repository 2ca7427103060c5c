// Markup from values: whatever is put in is escaped, unless it is markup itself.

export interface Markup {
  readonly markup: string
}

const escapes: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }
const isMarkup = (value: unknown): value is Markup => typeof value === 'object' && value !== null && 'markup' in value

function rendered(value: unknown): string {
  if (Array.isArray(value)) return value.map(rendered).join('')
  if (isMarkup(value)) return value.markup
  if (value === null || value === undefined || value === false) return ''
  return String(value).replace(/[&<>"']/g, (character) => escapes[character] ?? character)
}

export function html(strings: TemplateStringsArray, ...values: unknown[]): Markup {
  return { markup: strings.map((string, index) => string + (index < values.length ? rendered(values[index]) : '')).join('') }
}
