// How many SMS segments a text takes (GSM 03.38 or UCS-2): what carriers bill and what a sender's rate counts.
import type { Channel } from './model.ts'

const basic =
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà'
const extended = '\f^{}\\[~]|€'
const gsm = new Map([...[...basic].map((sign) => [sign, 1] as const), ...[...extended].map((sign) => [sign, 2] as const)])

/** Whether an SMS carries it as one of its small signs. */
export const isGsm = (sign: string): boolean => gsm.has(sign)

/** Segments (at least 1) and how many more units (GSM septets or UTF-16 units) fit into the last one. */
export function countSegments(text: string): { segments: number; left: number; encoding: 'gsm' | 'ucs2' } {
  const signs = [...text]
  const septets = signs.map((sign) => gsm.get(sign))
  return septets.every((size) => size !== undefined)
    ? fill(septets, 160, 153, 'gsm')
    : fill(
        signs.map((sign) => sign.length),
        70,
        67,
        'ucs2',
      )
}

/** A sign of two units is not cut between two segments: it begins the next one. Where one segment is enough there is no header, and more room. */
function fill(sizes: number[], single: number, each: number, encoding: 'gsm' | 'ucs2') {
  const units = sizes.reduce((sum, size) => sum + size, 0)
  if (units <= single) return { segments: 1, left: single - units, encoding }
  let [segments, left] = [1, each]
  for (const size of sizes) {
    if (size > left) [segments, left] = [segments + 1, each]
    left -= size
  }
  return { segments, left, encoding }
}

/** A message's cost against its sender's rate: segments by SMS, itself by WhatsApp. */
export function countParts(channel: Channel, text: string): number {
  return channel === 'sms' ? countSegments(text).segments : 1
}
