// A conversation where a record or a number has none yet. A chunk of its own: most have one. Nothing is sent.
import type { ReadyEvent } from '../../shared/events.ts'
import type { Channel, Coordination, OwnConversation } from '../../shared/model.ts'
import type { Client } from './client.ts'
import type { Found } from './find-conversation.ts'
import type { Link } from './link.ts'

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

export async function makeConversation(
  link: Pick<Link, 'http'>,
  ready: ReadyEvent | null,
  target: Parameters<Client['find']>[0],
): Promise<Found> {
  const { coordinationId, title, channel } = target
  let { phone, name } = target
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
