// Uploads a recording and sends it. What failed stays as it was: the same again is the same message.
import type { Message, OwnConversation } from '../../../shared/model.ts'
import type { SendMessage } from '../../../shared/requests.ts'
import type { Client } from '../../client/client.ts'
import type { Refusal } from '../problem-text.ts'
import type { Take } from './take.ts'

export type TakeOptions = Pick<SendMessage, 'replyToId' | 'assign' | 'ifNoAnswerSince'>

/** True: the server has it. Else `refusal` of the take says why not. */
export async function sendTake(client: Client, conversationId: string, take: Take, options: TakeOptions): Promise<boolean> {
  if (take.file === null) return false
  take.refusal.value = null
  take.state.value = 'sending'
  if (take.uploaded === null) {
    const uploaded = await client.upload(take.file)
    if (!uploaded.ok) {
      refuse(take, uploaded.error)
      return false
    }
    take.uploaded = uploaded.id
  }
  const answer = await client.http<{ message: Message; conversation: OwnConversation }>('POST', '/api/messages', {
    ...{ conversationId, clientMessageId: take.clientMessageId, media: [{ id: take.uploaded }] },
    ...options,
  })
  if (answer.ok) return true
  // The server may have forgotten the file: it is uploaded again.
  if (answer.error.code === 'validation_failed') take.uploaded = null
  refuse(take, answer.error)
  return false
}

function refuse(take: Take, refusal: Refusal): void {
  take.refusal.value = refusal
  take.state.value = 'ready'
}
