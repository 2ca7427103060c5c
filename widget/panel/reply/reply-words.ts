// The words of a quoted reply, which travel with it.
import { useOwnWords } from '../own-words.ts'

const es = { reply: 'Responder', move: 'Mover a otra {record}', replyTo: 'Respuesta a {name}', cancelReply: 'Quitar la cita' }
type ReplyWords = typeof es
const en: ReplyWords = { reply: 'Reply', move: 'Move to another {record}', replyTo: 'Reply to {name}', cancelReply: 'Remove the quote' }
const pt: ReplyWords = {
  reply: 'Responder',
  move: 'Mover para outra {record}',
  replyTo: 'Resposta a {name}',
  cancelReply: 'Remover a citação',
}

const all = { es, en, pt }

export function useReplyWords(): ReplyWords {
  return useOwnWords(all)
}
