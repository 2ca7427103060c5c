// Whom a text greets: somebody else than the record's client, or one of whom the record says nothing.
import { type Contradiction, plain, type RecordFacts } from './facts.ts'

const GREETING =
  /^\P{L}*(?:hola|buenas|buenas tardes|buenas noches|buen dia|buenos dias|hi|hello|hey|dear|good morning|good afternoon|good evening|oi|ola|bom dia|boa tarde|boa noite|querid[oa]|estimad[oa]|prezad[oa]|car[oa])(?<gap>[\s,!.]+)(?:(?:sr|sra|srta|don|dona|mr|mrs|ms|dr|dra|seu)\.?\s+)?(?<name>\p{L}{2,})(?<end>.?)/u
const NO_NAME =
  /^(buenas?|buenos|buen|que|como|soy|te|le|les|ya|si|mira|gracias|todo|todos|todas|chicos|chicas|equipo|familia|perdon|espero|disculpa|aca|we|this|there|your|just|how|thanks|again|everyone|all|team|it|is|you|tudo|sou|aqui|pessoal|gente|obrigad[oa]|good|bom|boa|dia|tarde|noite|tardes|noches|dias|morning|afternoon|evening|amig[oa]s?|linda|lindo|genia|genio|senora?|senhora?|sir|madam|cliente|client|friend)$/

export function wrongName(text: string, { name, title, values }: RecordFacts): Contradiction | null {
  if (name === null || /^[+\d]/.test(name)) return null
  const match = GREETING.exec(plain(text))
  const greeted = match?.groups?.name
  if (!match || !greeted || NO_NAME.test(greeted)) return null
  const at = match[0].length - (match.groups?.end ?? '').length - greeted.length
  const written = text.slice(at, at + greeted.length)
  // Names are written large; behind a mark a sentence begins, unless it ends at once.
  if (!/^\p{Lu}/u.test(written)) return null
  if (/[!.\n]/.test(match.groups?.gap ?? '') && !/^[,!.\n]?$/.test(match.groups?.end ?? '')) return null
  const known = [name, title, ...Object.values(values).filter((value) => typeof value === 'string')]
  const isKnown = known.some((one) =>
    plain(one)
      .split(/[^\p{L}]+/u)
      .some((word) => word.length >= 3 && word.slice(0, 3) === greeted.slice(0, 3)),
  )
  return isKnown ? null : { at, length: greeted.length, says: name.split(/\s+/)[0] ?? name }
}
