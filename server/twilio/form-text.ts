// What a client filled into a form (WhatsApp Flows), as lines that an agent reads: `InteractiveData` tells it by labels, `FlowData`
// by the names that the form's maker gave. Neither has a published schema: whatever is in there is read, nothing is demanded.
import { cutText } from '../../shared/cut-text.ts'
import { cleanText } from '../../shared/requests.ts'

const MOST_LINES = 60
const MOST_CHARS = 200
const MOST_DEPTH = 6
/** For machines. */
const hidden = new Set(['flow_token', 'version'])

/** Null: nothing was filled in, or it cannot be read. */
export function formText(interactiveData: string | undefined, flowData: string | undefined): string | null {
  for (const text of [interactiveData, flowData]) {
    const lines = linesOf(parse(text), '', 0).slice(0, MOST_LINES)
    if (lines.length > 0) return lines.join('\n')
  }
  return null
}

function parse(text: string | undefined): unknown {
  try {
    return text ? JSON.parse(text) : null
  } catch {
    return null
  }
}

function linesOf(value: unknown, label: string, depth: number): string[] {
  if (depth > MOST_DEPTH || value === null || value === undefined) return []
  if (Array.isArray(value)) {
    if (value.every(isLeaf)) return lineOf(label, value.map(valueText).filter(Boolean).join(', '))
    return value.flatMap((one) => linesOf(one, label, depth + 1))
  }
  if (isLeaf(value)) return lineOf(label, valueText(value))
  const own = new Map<string, unknown>(Object.entries(value))
  // One field of the form: its label beside its value.
  if (own.has('value') && (own.has('label') || own.has('name')))
    return linesOf(own.get('value'), String(own.get('label') ?? readable(String(own.get('name')))), depth + 1)
  // A page of it: its own name and title say nothing that the client did.
  if (Array.isArray(own.get('items'))) return linesOf(own.get('items'), '', depth + 1)
  return [...own].filter(([name]) => !hidden.has(name)).flatMap(([name, one]) => linesOf(one, readable(name), depth + 1))
}

const isLeaf = (value: unknown): boolean => value !== null && typeof value !== 'object'

function lineOf(label: string, text: string): string[] {
  const [name, value] = [label, text].map((part) => cutText(cleanText(part).replace(/\s+/g, ' ').trim(), MOST_CHARS))
  if (!value) return []
  return [name ? `${name}: ${value}` : value]
}

/** A chosen answer comes as `0_Mañana`, a ticked box as true. */
function valueText(value: unknown): string {
  if (typeof value === 'boolean') return value ? '✓' : '–'
  return String(value ?? '').replace(/^\d+_(?=\S)/, '')
}

/** `screen_0_Fecha_de_ingreso_1` is how WhatsApp's own editor names a field. */
function readable(name: string): string {
  return name
    .replace(/^screen_\d+_/, '')
    .replace(/_\d+$/, '')
    .replaceAll('_', ' ')
}
