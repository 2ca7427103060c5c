// Reads what a browser recorded as WebM with Opus: the codec's own header, and its packets in their order. Of Matroska it knows only
// what MediaRecorder writes (RFC 9559: elements of an id, a size and bytes; a size of all ones is not known yet).

export interface Recorded {
  /** `OpusHead`, as RFC 7845 has it: the same in WebM and in Ogg. */
  head: Uint8Array
  packets: Uint8Array[]
}

/** Elements that hold others: their content is read as if it stood beside them. */
const holders = new Set([0x18538067, 0x1f43b675, 0x1654ae6b, 0xae, 0xa0])
const CODEC_PRIVATE = 0x63a2
const SIMPLE_BLOCK = 0xa3
const BLOCK = 0xa1
const LACED = 0x06

/** @throws Error for anything but one track of Opus. */
export function opusPackets(webm: Uint8Array): Recorded {
  let head: Uint8Array | null = null
  const packets: Uint8Array[] = []
  let at = 0
  while (at < webm.length) {
    const id = readId(webm, at)
    const size = readNumber(webm, at + id.length)
    const begin = at + id.length + size.length
    if (holders.has(id.value)) {
      at = begin
      continue
    }
    const end = begin + size.value
    // Cut off: what was whole until then counts.
    if (end > webm.length) break
    const content = webm.subarray(begin, end)
    if (id.value === CODEC_PRIVATE) head = content
    else if (id.value === SIMPLE_BLOCK || id.value === BLOCK) packets.push(packetOf(content))
    at = end
  }
  if (head === null || String.fromCharCode(...head.subarray(0, 8)) !== 'OpusHead' || packets.length === 0)
    throw new Error('This is no recording in WebM with Opus.')
  return { head, packets }
}

/** After the track's number: two bytes of time, one of flags. */
function packetOf(block: Uint8Array): Uint8Array {
  const begin = readNumber(block, 0).length + 3
  if (((block[begin - 1] ?? 0) & LACED) !== 0) throw new Error('Several packets share a block.')
  return block.subarray(begin)
}

/** With the bits that say how long it is. */
function readId(bytes: Uint8Array, at: number): { value: number; length: number } {
  const length = lengthAt(bytes, at)
  let value = 0
  for (let place = 0; place < length; place++) value = value * 256 + (bytes[at + place] ?? 0)
  return { value, length }
}

/** Without them. One that is not known is larger than all there is. */
function readNumber(bytes: Uint8Array, at: number): { value: number; length: number } {
  const length = lengthAt(bytes, at)
  let value = (bytes[at] ?? 0) & ((1 << (8 - length)) - 1)
  for (let place = 1; place < length; place++) value = value * 256 + (bytes[at + place] ?? 0)
  return { value, length }
}

/** Its first byte begins with as many zeros as more bytes follow. */
function lengthAt(bytes: Uint8Array, at: number): number {
  return Math.min(8, Math.clz32(bytes[at] ?? 0) - 23)
}
