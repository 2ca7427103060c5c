// The words of filing and moving, which travel with them.
import { useOwnWords } from '../own-words.ts'

const es = {
  wrote: { one: '{name} escribió {n} mensaje sin {record}', other: '{name} escribió {n} mensajes sin {record}' },
  since: 'hace {t}',
  see: 'Ver',
  bring: { one: 'Traerlo acá', other: 'Traerlos acá' },
  ask: { one: 'Pedir que lo asocien', other: 'Pedir que los asocien' },
  asked: 'Pedido: quien puede verlos lo va a leer.',
  isIt: '¿{r}?',
  fileUnder: 'Asociar a {record}',
  other: 'Buscar…',
  moveTo: 'Mover a',
  chosen: { one: '{n} mensaje elegido', other: '{n} mensajes elegidos' },
  chooseMore: 'Tocá otros para sumarlos.',
  cancel: 'Cancelar',
  elsewhere: 'otro lado',
  unfiled: 'lo que está sin {record}',
  moved: { one: '{name} movió {n} mensaje desde {r}', other: '{name} movió {n} mensajes desde {r}' },
  movedAway: { one: '{name} movió {n} mensaje a {r}', other: '{name} movió {n} mensajes a {r}' },
  movedSome: { one: '{name} movió {n} mensaje de acá', other: '{name} movió {n} mensajes de acá' },
  arrivedSome: { one: '{name} movió {n} mensaje acá', other: '{name} movió {n} mensajes acá' },
}
type FilingWords = typeof es
const en: FilingWords = {
  wrote: { one: '{name} wrote {n} message with no {record}', other: '{name} wrote {n} messages with no {record}' },
  since: '{t} ago',
  see: 'See',
  bring: { one: 'Bring it here', other: 'Bring them here' },
  ask: { one: 'Ask to have it filed', other: 'Ask to have them filed' },
  asked: 'Asked: those who can see them will read it.',
  isIt: '{r}?',
  fileUnder: 'File under {record}',
  other: 'Search…',
  moveTo: 'Move to',
  chosen: { one: '{n} message chosen', other: '{n} messages chosen' },
  chooseMore: 'Pick others to add them.',
  cancel: 'Cancel',
  elsewhere: 'another {record}',
  unfiled: 'what has no {record}',
  moved: { one: '{name} moved {n} message from {r}', other: '{name} moved {n} messages from {r}' },
  movedAway: { one: '{name} moved {n} message to {r}', other: '{name} moved {n} messages to {r}' },
  movedSome: { one: '{name} moved {n} message from here', other: '{name} moved {n} messages from here' },
  arrivedSome: { one: '{name} moved {n} message here', other: '{name} moved {n} messages here' },
}
const pt: FilingWords = {
  wrote: { one: '{name} escreveu {n} mensagem sem {record}', other: '{name} escreveu {n} mensagens sem {record}' },
  since: 'há {t}',
  see: 'Ver',
  bring: { one: 'Trazer para cá', other: 'Trazer para cá' },
  ask: { one: 'Pedir que a associem', other: 'Pedir que as associem' },
  asked: 'Pedido: quem pode vê-las vai ler.',
  isIt: '{r}?',
  fileUnder: 'Associar a {record}',
  other: 'Buscar…',
  moveTo: 'Mover para',
  chosen: { one: '{n} mensagem escolhida', other: '{n} mensagens escolhidas' },
  chooseMore: 'Toque em outras para incluí-las.',
  cancel: 'Cancelar',
  elsewhere: 'outro lugar',
  unfiled: 'o que está sem {record}',
  moved: { one: '{name} moveu {n} mensagem de {r}', other: '{name} moveu {n} mensagens de {r}' },
  movedAway: { one: '{name} moveu {n} mensagem para {r}', other: '{name} moveu {n} mensagens para {r}' },
  movedSome: { one: '{name} moveu {n} mensagem daqui', other: '{name} moveu {n} mensagens daqui' },
  arrivedSome: { one: '{name} moveu {n} mensagem para cá', other: '{name} moveu {n} mensagens para cá' },
}

const all = { es, en, pt }

export function useFilingWords(): FilingWords {
  return useOwnWords(all)
}
