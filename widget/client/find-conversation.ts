// From what the host's page is about to its conversation: the one that is there, else a new one. Nothing is sent.
import type { Answer, ReadyEvent } from '../../shared/events.ts'
import type { OwnConversation } from '../../shared/model.ts'
import { failed, unreachable } from './http.ts'
import type { Link } from './link.ts'
import type { Client } from './client.ts'

export type Found = Answer<{ conversation: OwnConversation }>

export async function findConversation(
  link: Pick<Link, 'call' | 'http'>,
  ready: ReadyEvent | null,
  target: Parameters<Client['find']>[0],
): Promise<Found> {
  const { coordinationId, phone, channel } = target
  if (coordinationId === undefined && phone === undefined) return failed('validation_failed', 'Give a coordinationId or a phone.')

  const asked = {
    automated: true,
    limit: 1,
    ...(coordinationId ? { coordinationId } : {}),
    ...(phone ? { phone } : {}),
    ...(channel ? { channel } : {}),
  }
  const listed = await link.call('conversations:list', asked)
  if (!listed.ok) return listed
  const there = listed.items[0]
  if (there) return { ok: true, conversation: there }

  return await import('./make-conversation.ts').then((chunk) => chunk.makeConversation(link, ready, target)).catch(unreachable)
}
