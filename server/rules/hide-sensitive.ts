// The text of a sensitive message stands in its thread alone: lists, histories and exports leave it out.
import type { Message } from '../../shared/model.ts'
import { eraseWords } from './message.ts'

export function hideSensitive(message: Message): Message {
  const { sensitive, template, planB } = message
  if (!sensitive) return message
  return {
    ...message,
    text: '',
    ...(template ? { template: { ...template, variables: {} } } : {}),
    ...(planB ? { planB: eraseWords(planB) } : {}),
  }
}
