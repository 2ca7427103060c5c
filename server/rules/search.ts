// The rule of searching: each word of the query begins a word of the texts, in any order, without case and accents.
// A query that is written like a number is also found inside of numbers, however they are written.
import { foldText } from '../../shared/fold-text.ts'
import type { Contact, Coordination, Message, Template } from '../../shared/model.ts'

export type Matcher = (texts: readonly (string | null | undefined)[]) => boolean

const wordsOf = (text: string): string[] => foldText(text).match(/[\p{L}\p{N}]+/gu) ?? []
const digitsOf = (text: string): string => text.replace(/\D/g, '')

const NUMBER = /^[\d\s+().\-/]+$/
const PHONE = /^(whatsapp:)?\+?[\d\s().\-/]+$/
/** Fewer digits are in nearly every number. */
const FEWEST_DIGITS = 3

/**
 * The texts are those of one thing (a contact, a record): the words may be found in different ones of them. Null: nothing
 * is asked for.
 */
export function createMatcher(q: string | null | undefined): Matcher | null {
  const query = q?.trim() ?? ''
  if (query === '') return null
  const words = wordsOf(query)
  // A query of signs alone has no words: it is looked for as it is.
  if (words.length === 0) {
    const signs = foldText(query)
    return (texts) => texts.some((text) => text !== null && text !== undefined && foldText(text).includes(signs))
  }
  const digits = NUMBER.test(query) ? digitsOf(query) : ''
  return (texts) => {
    const told = texts.filter((text) => text !== null && text !== undefined)
    if (digits.length >= FEWEST_DIGITS && told.some((text) => PHONE.test(text) && digitsOf(text).includes(digits))) return true
    const found = told.flatMap(wordsOf)
    return words.every((word) => found.some((one) => one.startsWith(word)))
  }
}

// The texts of each thing that can be searched.

export function contactTexts(
  contact: Pick<Contact, 'name' | 'externalId' | 'tags'>,
  addresses: readonly Pick<Contact['addresses'][number], 'address' | 'phone'>[],
) {
  return [contact.name, contact.externalId, ...contact.tags, ...addresses.flatMap(({ address, phone }) => [address, phone])]
}

export function recordTexts({ id, title, contact }: Pick<Coordination, 'id' | 'title' | 'contact'>) {
  return [id, title, contact.name, contact.phone, contact.phones?.whatsapp, contact.phones?.sms]
}

/** A sensitive message's text is found by nobody. */
export function messageTexts({ text, author, sensitive }: Pick<Message, 'text' | 'sensitive'> & { author: { name: string } }) {
  return sensitive ? [] : [text, author.name]
}

export function templateTexts({ name, body }: Pick<Template, 'name' | 'body'>) {
  return [name, body]
}
