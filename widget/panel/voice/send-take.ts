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
  take.uploaded ??= await upload(client, take.file, take)
  if (take.uploaded === null) return false
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

async function upload(client: Client, file: File, take: Take): Promise<string | null> {
  const form = new FormData()
  form.append('file', file, file.name)
  const answer = await client.http<{ id: string }>('POST', '/api/media', form)
  if (answer.ok) return answer.id
  refuse(take, answer.error)
  return null
}

function refuse(take: Take, refusal: Refusal): void {
  take.refusal.value = refusal
  take.state.value = 'ready'
}
