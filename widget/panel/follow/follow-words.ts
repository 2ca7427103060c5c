// The words of closing, snoozing and assigning, which travel with them.
import type { Locale } from '../../client/panel.ts'
import { useOwnWords } from '../own-words.ts'

const es = {
  closed: 'Cerrada',
  reopen: 'Reabrir',
  snoozed: 'Pospuesta hasta {t}',
  snoozedUntilHeWrites: 'Pospuesta hasta que escriba',
  bringBack: 'Traer de vuelta',
  assignedToMe: 'Ahora es tuya',
  assignedTo: 'Ahora es de {name}',
  unassigned: 'Ya no es de nadie',
  sentAndClosed: 'Enviado y cerrada',
  wentOut: 'El mensaje ya salió; la conversación quedó abierta.',
  tooLate: 'Ya pasó el tiempo para deshacerlo.',
  changed: 'Cambió mientras tanto: queda como está.',
}
export type FollowWords = typeof es
const en: FollowWords = {
  closed: 'Closed',
  reopen: 'Reopen',
  snoozed: 'Snoozed until {t}',
  snoozedUntilHeWrites: 'Snoozed until they write',
  bringBack: 'Bring back',
  assignedToMe: 'It is yours now',
  assignedTo: 'It is {name}’s now',
  unassigned: 'It is nobody’s now',
  sentAndClosed: 'Sent and closed',
  wentOut: 'The message has gone out; the conversation is open again.',
  tooLate: 'It is too late to undo this.',
  changed: 'It changed meanwhile: it stays as it is.',
}
const pt: FollowWords = {
  closed: 'Fechada',
  reopen: 'Reabrir',
  snoozed: 'Adiada até {t}',
  snoozedUntilHeWrites: 'Adiada até que escreva',
  bringBack: 'Trazer de volta',
  assignedToMe: 'Agora é sua',
  assignedTo: 'Agora é de {name}',
  unassigned: 'Agora não é de ninguém',
  sentAndClosed: 'Enviado e fechada',
  wentOut: 'A mensagem já saiu; a conversa ficou aberta.',
  tooLate: 'Já passou o tempo para desfazer.',
  changed: 'Mudou nesse meio-tempo: fica como está.',
}

export const followWords: Record<Locale, FollowWords> = { es, en, pt }

export function useFollowWords(): FollowWords {
  return useOwnWords(followWords)
}
