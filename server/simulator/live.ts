// Server-Sent Events to the phone pages that are open: what changed in one turn goes out as one event, and costs nothing with
// no page open.
import type { ServerResponse } from 'node:http'
import type { RefusedSend } from './message-log.ts'
import type { Watch } from './parts.ts'
import type { Phone } from './phones.ts'
import type { SimulatedMessage } from './simulated-message.ts'

export interface LiveViews {
  message(message: SimulatedMessage): unknown
  refused(send: RefusedSend): unknown
  phone(phone: Phone): unknown
  everything(): unknown
}

export interface Live extends Watch {
  attach(response: ServerResponse): void
  close(): void
}

/** A page that takes nothing for so long is let go; it comes back and reads everything anew. */
const bufferLimitBytes = 1024 * 1024

export function createLive(views: LiveViews): Live {
  const open = new Set<ServerResponse>()
  const messages = new Set<SimulatedMessage>()
  const refused = new Set<RefusedSend>()
  const phones = new Set<Phone>()
  let all = false
  let planned = false
  const flush = () => {
    planned = false
    const change = {
      messages: [...[...messages].map(views.message), ...[...refused].map(views.refused)],
      phones: [...phones].map(views.phone),
      ...(all ? { everything: views.everything() } : {}),
    }
    messages.clear()
    refused.clear()
    phones.clear()
    all = false
    const text = `event: change\ndata: ${JSON.stringify(change)}\n\n`
    for (const response of open) {
      if (response.writableLength > bufferLimitBytes) response.destroy()
      else response.write(text)
    }
  }
  const plan = () => {
    if (planned) return
    planned = true
    setImmediate(flush)
  }
  const mark =
    <T>(set: Set<T>) =>
    (value: T) => {
      if (open.size === 0) return
      set.add(value)
      plan()
    }
  return {
    message: mark(messages),
    refused: mark(refused),
    phone: mark(phones),
    everything() {
      if (open.size === 0) return
      all = true
      plan()
    },
    attach(response) {
      response.writeHead(200, {
        'Content-Type': 'text/event-stream',
        'Cache-Control': 'no-store',
        'X-Accel-Buffering': 'no',
        Connection: 'keep-alive',
      })
      response.write('retry: 1000\n\n')
      open.add(response)
      response.on('close', () => open.delete(response))
    },
    close() {
      for (const response of open) response.end()
      open.clear()
    },
  }
}
