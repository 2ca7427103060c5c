// What a contact is called where it has no name, and its numbers in one line.
import type { Contact } from '../../../shared/model.ts'
import type { ContactWords } from './words.ts'

export const nameOf = ({ name }: Pick<Contact, 'name'>, words: ContactWords): string => name.trim() || words.noName

export const numbersOf = ({ addresses }: Pick<Contact, 'addresses'>): string =>
  [...new Set(addresses.map(({ phone, address }) => phone ?? address))].join(' · ')
