// A `moved` line, and what was moved here, name the other record: for a caller who is limited to some, that is left out.
import type { Message } from '../../shared/model.ts'

/** Whether it is another message for who is limited to some records. */
export const namesRecord = ({ moved, arrived }: Message): boolean => moved !== undefined || arrived !== undefined

/** @param limited whether the reader's token names its records. */
export function hideRecords(message: Message, limited: boolean): Message {
  const { moved, arrived } = message
  if (!limited || !namesRecord(message)) return message
  return {
    ...message,
    ...(moved && { moved: { ...moved, to: null, from: null, undoId: null } }),
    ...(arrived && { arrived: { ...arrived, from: null, undoId: null } }),
  }
}
