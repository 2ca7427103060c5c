// What Twilio does with the media of a send: it asks their addresses, looks at type and size, and passes on what the channel takes.
import { hash } from 'node:crypto'
import { isReservedName } from '../../shared/reserved-names.ts'
import type { SimulatorParts } from './parts.ts'
import type { SimulatedMessage } from './simulated-message.ts'

const MB = 1024 * 1024
const FETCH_MS = 10_000

/** Of Twilio's guides to WhatsApp media and to MMS: types, and the most bytes of each. */
const whatsapp: readonly [type: RegExp, most: number][] = [
  [/^image\/(jpeg|png|webp)$/, 5 * MB],
  [/^audio\/(ogg|amr|3gpp|aac|mpeg|mp4)$/, 16 * MB],
  [/^video\/mp4$/, 16 * MB],
  [/^text\/(vcard|x-vcard)$/, 16 * MB],
  [/^application\/(pdf|msword|vnd\.openxmlformats-officedocument\.\w+\.\w+)$/, 16 * MB],
]
const mms: readonly [type: RegExp, most: number][] = [
  [/^image\/(jpeg|png|gif)$/, 5 * MB],
  [/^(image|audio|video|text|application)\//, 500 * 1024],
]
const codes = {
  whatsapp: { unreachable: 63019, type: 63005, size: 63034 },
  sms: { unreachable: 11200, type: 12300, size: 30019 },
} as const

/** WhatsApp takes the first alone; Twilio ignores the others. */
export const takenMedia = ({ channel, mediaUrls }: Pick<SimulatedMessage, 'channel' | 'mediaUrls'>): readonly string[] =>
  channel === 'whatsapp' ? mediaUrls.slice(0, 1) : mediaUrls

/** WhatsApp shows words beside a picture alone. */
export function shownBody({ channel, direction, body, mediaUrls, mediaTypes }: SimulatedMessage): string {
  const dropped =
    direction !== 'inbound' && channel === 'whatsapp' && mediaUrls.length > 0 && !/^image\/(jpeg|png)/.test(mediaTypes[0] ?? '')
  return dropped ? '' : body
}

/** Twilio reaches public names alone. */
const isOfAMachine = (hostname: string) => /^\[|^[\d.]+$/.test(hostname) || isReservedName(hostname)

interface Found {
  type: string
  size: number
  /** SHA-256 of the bytes, hex. */
  hash: string
}

/** What was fetched, or the code of what is wrong. Only the application is asked: nothing leaves this machine. */
export async function fetchSent(
  parts: Pick<SimulatorParts, 'actualUrl' | 'isOfApplication'>,
  message: SimulatedMessage,
): Promise<Found[] | number> {
  const allowed = message.channel === 'whatsapp' ? whatsapp : mms
  const found: Found[] = []
  for (const url of takenMedia(message)) {
    const isOurs = parts.isOfApplication(url)
    if (!isOurs && !isOfAMachine(new URL(url).hostname)) continue
    const answer = isOurs ? await ask(parts.actualUrl(url)) : null
    if (answer === null) return codes[message.channel].unreachable
    const most = allowed.find(([type]) => type.test(answer.type))?.[1]
    if (most === undefined) return codes[message.channel].type
    if (answer.size > most) return codes[message.channel].size
    found.push(answer)
  }
  return found
}

async function ask(url: string): Promise<Found | null> {
  try {
    const signal = AbortSignal.timeout(FETCH_MS)
    const head = await fetch(url, { method: 'HEAD', signal })
    const answer = head.ok ? await fetch(url, { signal }) : head
    if (!answer.ok) return null
    const bytes = await answer.bytes()
    const type = (answer.headers.get('content-type') ?? '').split(';')[0]?.trim().toLowerCase() ?? ''
    return { type, size: bytes.byteLength, hash: hash('sha256', bytes) }
  } catch {
    return null
  }
}
