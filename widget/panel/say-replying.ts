// "Beto is replying", "Beto, Carla are replying".
import type { Words } from '../locales/words.ts'
import { fill } from '../locales/format.ts'
import { firstName } from './names.ts'

export function sayReplying(words: Words, names: readonly string[]): string {
  const [first = '', ...more] = names.map(firstName)
  return more.length === 0 ? fill(words.replying, { name: first }) : fill(words.repliers, { names: [first, ...more].join(', ') })
}
