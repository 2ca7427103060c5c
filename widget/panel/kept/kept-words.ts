// The words of what this browser keeps, which travel with it.
import { useOwnWords } from '../own-words.ts'

const es = { drafts: 'Borradores', notSent: 'No salieron' }
type KeptWords = typeof es
const en: KeptWords = { drafts: 'Drafts', notSent: 'Not sent' }
const pt: KeptWords = { drafts: 'Rascunhos', notSent: 'Não saíram' }

const all = { es, en, pt }

export function useKeptWords(): KeptWords {
  return useOwnWords(all)
}
