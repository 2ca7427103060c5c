// The words of a quoted reply, which travel with it.
import { useOwnWords } from '../own-words.ts'

const es = { reply: 'Responder', move: 'Mover a otro lado', replyTo: 'Respuesta a {name}', cancelReply: 'Quitar la cita' }
type ReplyWords = typeof es
const en: ReplyWords = { reply: 'Reply', move: 'Move elsewhere', replyTo: 'Reply to {name}', cancelReply: 'Remove the quote' }
const pt: ReplyWords = {
  reply: 'Responder',
  move: 'Mover para outro lugar',
  replyTo: 'Resposta a {name}',
  cancelReply: 'Remover a citação',
}

const all = { es, en, pt }

export function useReplyWords(): ReplyWords {
  return useOwnWords(all)
}
