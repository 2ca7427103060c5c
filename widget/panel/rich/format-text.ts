// Formats a text as WhatsApp does: `*bold*`, `_italic_`, `~struck~`, code, lists and quotes; and links and phone numbers. Elements are
// made of this, never markup: what a client wrote stays text.
import { findPhones } from './find-phones.ts'
import { splitLinks } from './split-links.ts'

export type Inline = string | { tag: 'strong' | 'em' | 's' | 'code' | 'a'; href?: string; content: Inline[] }
export type Block = { tag: 'span' | 'blockquote'; content: Inline[] } | { tag: 'ul' | 'ol'; start: number; items: Inline[][] }

const marks: Record<string, 'strong' | 'em' | 's'> = { '*': 'strong', _: 'em', '~': 's' }
const isWord = (sign: string | undefined) => /^[\p{L}\p{N}]$/u.test(sign ?? '')
const isSpace = (sign: string | undefined) => sign === undefined || /^\s$/.test(sign)

/** A part in which no mark counts. */
interface Atom {
  end: number
  inline: Inline
}

export function formatText(text: string): Block[] {
  const atoms = findAtoms(text)
  const blocks: Block[] = []
  for (const [from, to] of linesOf(text, atoms)) {
    const [, item, number, quote] = /^(?:([-*•]|(\d{1,3})[.)]) +|(> ?))(?=\S)/.exec(text.slice(from, to)) ?? []
    const last = blocks.at(-1)
    const content = (skipped: number) => readInline(text, from + skipped, to, atoms)
    if (item !== undefined && !atoms.has(from)) {
      const tag = number === undefined ? 'ul' : 'ol'
      const words = content(/^\S+ +/.exec(text.slice(from, to))?.[0].length ?? 0)
      if (last?.tag === tag) last.items.push(words)
      else blocks.push({ tag, start: Number(number ?? 1), items: [words] })
    } else {
      const tag = quote === undefined ? 'span' : 'blockquote'
      if (last?.tag === tag) last.content.push('\n', ...content(quote?.length ?? 0))
      else blocks.push({ tag, content: content(quote?.length ?? 0) })
    }
  }
  return blocks
}

/** By where they begin. */
function findAtoms(text: string): Map<number, Atom> {
  const atoms = new Map<number, Atom>()
  let plain = text
  const add = (from: number, end: number, inline: Inline) => {
    atoms.set(from, { end, inline })
    // Taken out of what is looked through next, at the same length.
    plain = plain.slice(0, from) + '\n'.repeat(end - from) + plain.slice(end)
  }
  for (const { index, 0: whole, 1: block, 2: code = '' } of text.matchAll(/```(?=[^`]*\S)([^`]+)```|`(?=\S)([^`\n]+)`/g))
    add(index, index + whole.length, { tag: 'code', content: [block ?? code] })
  let at = 0
  for (const [index, part] of splitLinks(plain).entries()) {
    if (index % 2 === 1) add(at, at + part.length, { tag: 'a', href: part, content: [part] })
    at += part.length
  }
  for (const { from, end, href } of findPhones(plain)) add(from, end, { tag: 'a', href, content: [text.slice(from, end)] })
  return atoms
}

/** Lines end at breaks that stand in no code. */
function linesOf(text: string, atoms: ReadonlyMap<number, Atom>): [number, number][] {
  const lines: [number, number][] = []
  let from = 0
  for (let at = 0; at <= text.length; at++) {
    const atom = atoms.get(at)
    if (atom) at = atom.end
    if (at < text.length && text[at] !== '\n') continue
    lines.push([from, at])
    from = at + 1
  }
  return lines
}

function readInline(text: string, from: number, to: number, atoms: ReadonlyMap<number, Atom>, open = ''): Inline[] {
  const found: Inline[] = []
  const add = (inline: Inline) => {
    const last = found.at(-1)
    if (typeof inline === 'string' && typeof last === 'string') found[found.length - 1] = last + inline
    else found.push(inline)
  }
  for (let at = from; at < to; ) {
    const atom = atoms.get(at)
    const sign = text[at] ?? ''
    const tag = open.includes(sign) ? undefined : marks[sign]
    const end = tag && opens(text, at) ? closing(text, at, to, atoms) : -1
    if (atom) add(atom.inline)
    else if (tag && end > 0) add({ tag, content: readInline(text, at + 1, end, atoms, open + sign) })
    else add(sign)
    at = atom?.end ?? (end > 0 ? end + 1 : at + 1)
  }
  return found
}

const opens = (text: string, at: number) => !isWord(text[at - 1]) && !isSpace(text[at + 1]) && text[at + 1] !== text[at]

/** The mark that ends what begins at `at`, on the same line; -1: none. */
function closing(text: string, at: number, to: number, atoms: ReadonlyMap<number, Atom>): number {
  for (let end = at + 1; end < to; end++) {
    const atom = atoms.get(end)
    if (atom) end = atom.end - 1
    else if (text[end] === text[at] && !isSpace(text[end - 1]) && !isWord(text[end + 1])) return end
  }
  return -1
}
