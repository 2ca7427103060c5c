// The words of an SMS's length, which travel with it.
import { useOwnWords } from '../own-words.ts'

const es = { dear: 'Con {signs} son {n} SMS; sin eso, {m}.', drop: 'Quitar tildes y signos', why: '¿Por qué tantos?' }
type SegmentWords = typeof es
const en: SegmentWords = { dear: 'With {signs} it takes {n} SMS; without, {m}.', drop: 'Drop accents and signs', why: 'Why so many?' }
const pt: SegmentWords = { dear: 'Com {signs} são {n} SMS; sem isso, {m}.', drop: 'Tirar acentos e sinais', why: 'Por que tantos?' }

const all = { es, en, pt }

export function useSegmentWords(): SegmentWords {
  return useOwnWords(all)
}
