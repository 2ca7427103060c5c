// Puts the Opus packets of a WebM recording into Ogg, which WhatsApp takes: the sound stays as it is, bit by bit (RFC 3533 and 7845).
import { opusPackets } from './opus-packets.ts'

/** Of one stream among several in a file; here it is alone. */
const SERIAL = 0x48696c6f
/** A second of sound, and a new page begins. */
const PAGE_SAMPLES = 48_000
const MOST_SEGMENTS = 255
const FIRST = 2
const LAST = 4

/** @throws Error for what is no WebM with one track of Opus. */
export function toOgg(webm: Uint8Array): Uint8Array {
  const { head, packets } = opusPackets(webm)
  const pages = [page([head], 0, 0, FIRST), page([tags()], 0, 1, 0)]
  let samples = 0
  let waiting: Uint8Array[] = []
  let since = 0
  const close = (flags: number) => {
    pages.push(page(waiting, samples, pages.length, flags))
    waiting = []
    since = samples
  }
  for (const packet of packets) {
    const full = segmentsOf([...waiting, packet]) > MOST_SEGMENTS || samples - since >= PAGE_SAMPLES
    if (full && waiting.length > 0) close(0)
    waiting.push(packet)
    samples += samplesOf(packet)
  }
  close(LAST)
  return concat(pages)
}

/** Of comments there are none. */
function tags(): Uint8Array {
  const vendor = new TextEncoder().encode('Hilo')
  const bytes = new Uint8Array(16 + vendor.length)
  bytes.set(new TextEncoder().encode('OpusTags'))
  new DataView(bytes.buffer).setUint32(8, vendor.length, true)
  bytes.set(vendor, 12)
  return bytes
}

const segmentsOf = (packets: readonly Uint8Array[]): number => packets.reduce((sum, { length }) => sum + Math.floor(length / 255) + 1, 0)

function page(packets: readonly Uint8Array[], samples: number, number: number, flags: number): Uint8Array {
  const segments = packets.flatMap(({ length }) => [...Array<number>(Math.floor(length / 255)).fill(255), length % 255])
  const bytes = concat([new Uint8Array(27), Uint8Array.from(segments), ...packets])
  const view = new DataView(bytes.buffer)
  bytes.set(new TextEncoder().encode('OggS'))
  bytes[5] = flags
  view.setBigUint64(6, BigInt(samples), true)
  view.setUint32(14, SERIAL, true)
  view.setUint32(18, number, true)
  bytes[26] = segments.length
  view.setUint32(22, checksum(bytes), true)
  return bytes
}

/** How long a packet sounds, in samples of 48 kHz: its first byte says it (RFC 6716, 3.1). */
export function samplesOf(packet: Uint8Array): number {
  const [first = 0, second = 0] = packet
  const kind = first >> 3
  const frames = [1, 2, 2, second & 0x3f][first & 3] ?? 1
  return frames * frameOf(kind)
}

function frameOf(kind: number): number {
  if (kind < 12) return [480, 960, 1920, 2880][kind & 3] ?? 0
  if (kind < 16) return [480, 960][kind & 1] ?? 0
  return [120, 240, 480, 960][kind & 3] ?? 0
}

function concat(parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const part of parts) {
    bytes.set(part, at)
    at += part.length
  }
  return bytes
}

/** Ogg's own: CRC-32 of 0x04c11db7, the highest bit first, begun at 0 and left as it comes. */
function checksum(bytes: Uint8Array): number {
  let sum = 0
  for (const byte of bytes) {
    sum ^= byte << 24
    for (let bit = 0; bit < 8; bit++) sum = sum < 0 ? (sum << 1) ^ 0x04c11db7 : sum << 1
  }
  return sum >>> 0
}
