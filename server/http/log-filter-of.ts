// What a caller asks of the message log, in the store's words.
import type { z } from 'zod'
import { author } from '../../shared/model.ts'
import type { messageLogQuery, retryManyBody } from '../../shared/requests.ts'
import type { LogFilter } from '../store/records.ts'

type Asked = Partial<z.output<typeof messageLogQuery>> | z.output<typeof retryManyBody>['filter']

export function logFilterOf(asked: Asked): LogFilter {
  const { status, direction, channel, conversationId, coordinationId, contactId, from, to, q } = asked
  return {
    ...(status === undefined ? {} : { statuses: status }),
    ...(direction === undefined ? {} : { direction }),
    ...(channel === undefined ? {} : { channel }),
    ...authorOf(asked),
    ...errorOf(asked),
    ...(conversationId === undefined ? {} : { conversationId }),
    ...(coordinationId === undefined ? {} : { coordinationId }),
    ...(contactId === undefined ? {} : { contactId }),
    ...(from === undefined ? {} : { from: Date.parse(from) }),
    ...(to === undefined ? {} : { to: Date.parse(to) }),
    ...(q === undefined ? {} : { q }),
  }
}

/** `author`: a kind, or somebody's id. A rule's or a campaign's messages are asked for by their own names. */
function authorOf({ author: by, automation, campaignId }: Asked): Pick<LogFilter, 'authorType' | 'authorId'> {
  if (campaignId !== undefined) return { authorType: 'campaign', authorId: campaignId }
  if (automation !== undefined) return { authorType: 'automation', authorId: automation }
  if (by === undefined) return {}
  const type = author.shape.type.safeParse(by)
  return type.success ? { authorType: type.data } : { authorId: by }
}

function errorOf({ error, retryable }: Asked): Pick<LogFilter, 'errorCode' | 'errorReason' | 'retryable'> {
  const also = retryable === undefined ? {} : { retryable: true as const }
  if (error === undefined) return also
  return typeof error === 'number' ? { ...also, errorCode: error } : { ...also, errorReason: error }
}
