// From what the host's page is about to its conversation: the one that is there, else a new one. Nothing is sent.
import type { Answer, ReadyEvent } from '../../shared/events.ts'
import type { Channel, Coordination, OwnConversation } from '../../shared/model.ts'
import { failed } from './http.ts'
import type { Link } from './link.ts'
import type { Client } from './client.ts'

type Found = Answer<{ conversation: OwnConversation }>

/** WhatsApp where we have it, since clients answer there. */
function usualChannel(ready: ReadyEvent | null): Channel {
  const channels = (ready?.channels ?? []).filter((one) => one.ready)
  return channels.length === 0 || channels.some((one) => one.channel === 'whatsapp') ? 'whatsapp' : 'sms'
}

const pathOf = (id: string) => `/api/coordinations/${encodeURIComponent(id)}`
let warned = false

/** Once a page: whoever writes the host's code reads it. */
async function warnUnsaved(link: Pick<Link, 'http'>, path: string): Promise<void> {
  if (warned) return
  const record = await link.http<Coordination>('GET', path)
  if (warned || !record.ok || !record.provisional) return
  warned = true
  console.warn(`[Hilo] Not saved: PUT ${path}`)
}

export async function findConversation(
  link: Pick<Link, 'call' | 'http'>,
  ready: ReadyEvent | null,
  target: Parameters<Client['find']>[0],
): Promise<Found> {
  const { coordinationId, title, channel } = target
  let { phone, name } = target
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

  let preferred = channel
  if (coordinationId !== undefined && (phone === undefined || preferred === undefined)) {
    const record = await link.http<Coordination>('GET', pathOf(coordinationId))
    if (record.ok) {
      const { contact } = record
      preferred ??= contact.channel
      phone ??= contact.phones?.[preferred ?? usualChannel(ready)] ?? contact.phone
      name ??= contact.name
    } else if (phone === undefined) return record
  }
  const body = {
    channel: preferred ?? usualChannel(ready),
    to: phone,
    ...(coordinationId ? { coordinationId } : {}),
    ...(title ? { title } : {}),
    ...(name ? { name } : {}),
  }
  const made = await link.http<{ conversation: OwnConversation }>('POST', '/api/conversations', body)
  if (made.ok && coordinationId !== undefined) void warnUnsaved(link, pathOf(coordinationId))
  return made
}
