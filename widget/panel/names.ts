// Short forms of people: initials, first names, a hue of their own.
import { signsOf } from '../../shared/signs.ts'

/** "Sofía Herrera" → "SH"; a phone or an id has none. */
export function initials(name: string): string {
  const parts = name
    .trim()
    .split(/\s+/)
    .filter((part) => /^\p{L}/u.test(part))
  const [first = '', second = ''] = signsOf(parts[0] ?? '', 2)
  const last = parts.length > 1 ? signsOf(parts.at(-1) ?? '', 1) : second
  return (first + last).toLocaleUpperCase()
}

export function firstName(name: string): string {
  return /^\p{L}/u.test(name) ? (name.trim().split(/\s+/)[0] ?? name) : name
}

/** A hue from an id: the same person has the same everywhere. */
export function hueOf(id: string): number {
  let hash = 0
  for (const sign of id) hash = (hash * 31 + (sign.codePointAt(0) ?? 0)) >>> 0
  return (hash % 36) * 10
}
