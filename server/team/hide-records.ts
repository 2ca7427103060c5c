// A `moved` line names the other record: for a caller who is limited to some, that is left out.
import type { Message } from '../../shared/model.ts'

/** @param limited whether the reader's token names its records. */
export function hideRecords(message: Message, limited: boolean): Message {
  return limited && message.moved ? { ...message, moved: { ...message.moved, to: null, from: null, undoId: null } } : message
}
