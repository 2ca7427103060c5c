// The words of an empty list or thread, which travel with it: most openings find something.
import { useOwnWords } from '../own-words.ts'

const es = {
  start: 'Empezá la conversación',
  startHint: '{name} todavía no escribió. En WhatsApp el primer mensaje va con una plantilla aprobada.',
  empty: 'Todavía no hay mensajes',
  emptyHint: 'Cuando un cliente escriba al {n}, aparece acá.',
  allCaughtUp: 'Estás al día. Nadie espera tu respuesta.',
  emptyStart: 'También podés escribir primero.',
  seeUnassigned: 'Ver sin asignar',
  unassignedLeft: { one: 'Hay 1 sin asignar.', other: 'Hay {n} sin asignar.' },
}
type NothingWords = typeof es
const en: NothingWords = {
  start: 'Start the conversation',
  startHint: '{name} has not written yet. On WhatsApp the first message is an approved template.',
  empty: 'No messages yet',
  emptyHint: 'When a client writes to {n}, it shows here.',
  allCaughtUp: 'All caught up. Nobody is waiting for you.',
  emptyStart: 'You can also write first.',
  seeUnassigned: 'See unassigned',
  unassignedLeft: { one: '1 conversation is unassigned.', other: '{n} conversations are unassigned.' },
}
const pt: NothingWords = {
  start: 'Comece a conversa',
  startHint: '{name} ainda não escreveu. No WhatsApp a primeira mensagem é um modelo aprovado.',
  empty: 'Ainda não há mensagens',
  emptyHint: 'Quando um cliente escrever para {n}, aparece aqui.',
  allCaughtUp: 'Tudo em dia. Ninguém espera sua resposta.',
  emptyStart: 'Você também pode escrever primeiro.',
  seeUnassigned: 'Ver sem responsável',
  unassignedLeft: { one: 'Há 1 sem responsável.', other: 'Há {n} sem responsável.' },
}

const all = { es, en, pt }

export function useNothingWords(): NothingWords {
  return useOwnWords(all)
}
