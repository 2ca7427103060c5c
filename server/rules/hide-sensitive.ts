// The text of a sensitive message stands in its thread alone: lists, histories and exports leave it out.
import type { Message } from '../../shared/model.ts'

export function hideSensitive(message: Message): Message {
  return message.sensitive
    ? { ...message, text: '', ...(message.template ? { template: { ...message.template, variables: {} } } : {}) }
    : message
}
