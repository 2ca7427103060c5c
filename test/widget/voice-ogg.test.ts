// A recording in WebM becomes one in Ogg, byte by byte; and which format a browser is asked for.
import { fileTypeFromBuffer } from 'file-type'
import { expect, test } from 'vitest'
import { chooseFormat } from '../../widget/panel/voice/formats.ts'
import { opusPackets } from '../../widget/panel/voice/ogg/opus-packets.ts'
import { samplesOf, toOgg } from '../../widget/panel/voice/ogg/to-ogg.ts'

const text = (words: string) => [...new TextEncoder().encode(words)]
/** One channel, 312 samples before the sound, 48 kHz. */
const head = [...text('OpusHead'), 1, 1, 0x38, 0x01, 0x80, 0xbb, 0, 0, 0, 0, 0]
/** 20 ms of CELT in one frame, and so many bytes. */
const packet = (length: number, fill = 7) => [0xf8, ...Array<number>(length - 1).fill(fill)]

const element = (
  id: number[],
  content: number[],
  size = [0x10 | (content.length >> 24), content.length >> 16, content.length >> 8, content.length],
) => [...id, ...size.map((one) => one & 0xff), ...content]
const unknown = [0x01, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]
const block = (content: number[], flags = 0x80) => element([0xa3], [0x81, 0, 0, flags, ...content])
const track = [...element([0xd7], [1]), ...element([0x86], text('A_OPUS')), ...element([0x63, 0xa2], head)]
const ebml = element([0x1a, 0x45, 0xdf, 0xa3], element([0x42, 0x82], text('webm')))
const tracks = element([0x16, 0x54, 0xae, 0x6b], element([0xae], track))
/** As MediaRecorder writes it: segment and clusters of a size that is not known. */
const webm = (blocks: number[][]) =>
  Uint8Array.from([
    ...ebml,
    ...[0x18, 0x53, 0x80, 0x67, ...unknown],
    ...tracks,
    ...blocks.flatMap((one, place) => (place % 2 === 0 ? [0x1f, 0x43, 0xb6, 0x75, ...unknown, ...element([0xe7], [place]), ...one] : one)),
  ])

/** CRC-32 without reflection, by its table, as the reference has it. */
const table = Array.from({ length: 256 }, (_, index) => {
  let sum = index << 24
  for (let bit = 0; bit < 8; bit++) sum = sum & 0x80000000 ? (sum << 1) ^ 0x04c11db7 : sum << 1
  return sum >>> 0
})
const crc = (bytes: Uint8Array) => bytes.reduce((sum, byte) => ((sum << 8) ^ (table[((sum >>> 24) ^ byte) & 0xff] ?? 0)) >>> 0, 0)

interface OggPage {
  flags: number
  samples: number
  number: number
  lengths: number[]
  content: Uint8Array
}

/** Reads it as RFC 3533 says, and holds each checksum. */
function pagesOf(ogg: Uint8Array): OggPage[] {
  const pages: OggPage[] = []
  for (let at = 0; at < ogg.length; ) {
    const view = new DataView(ogg.buffer, ogg.byteOffset + at)
    expect(String.fromCharCode(...ogg.subarray(at, at + 4))).toBe('OggS')
    const segments = [...ogg.subarray(at + 27, at + 27 + (ogg[at + 26] ?? 0))]
    const begin = at + 27 + segments.length
    const end = begin + segments.reduce((sum, one) => sum + one, 0)
    const whole = ogg.slice(at, end)
    whole.fill(0, 22, 26)
    expect(view.getUint32(22, true)).toBe(crc(whole))
    const lengths: number[] = []
    let length = 0
    for (const one of segments) {
      length += one
      if (one < 255) {
        lengths.push(length)
        length = 0
      }
    }
    pages.push({
      flags: ogg[at + 5] ?? -1,
      samples: Number(view.getBigUint64(6, true)),
      number: view.getUint32(18, true),
      lengths,
      content: ogg.slice(begin, end),
    })
    at = end
  }
  return pages
}

test('the sum that the pages are held against is the one that is known', () => {
  expect(crc(Uint8Array.from(text('123456789')))).toBe(0x89a1897f)
})

test('the whole file, byte by byte', () => {
  const made = toOgg(webm([block(packet(3)), block(packet(2, 9))]))
  const page = (flags: number, samples: number[], number: number, segments: number[], content: number[]) => {
    const bytes = [
      ...text('OggS'),
      0,
      flags,
      ...samples,
      ...text('oliH'),
      number,
      0,
      0,
      0,
      0,
      0,
      0,
      0,
      segments.length,
      ...segments,
      ...content,
    ]
    const sum = crc(Uint8Array.from(bytes))
    bytes.splice(22, 4, sum & 0xff, (sum >> 8) & 0xff, (sum >> 16) & 0xff, sum >>> 24)
    return bytes
  }
  const zero = [0, 0, 0, 0, 0, 0, 0, 0]
  expect([...made]).toEqual([
    ...page(2, zero, 0, [19], head),
    ...page(0, zero, 1, [20], [...text('OpusTags'), 4, 0, 0, 0, ...text('Hilo'), 0, 0, 0, 0]),
    // Two packets of 960 samples: 0x0780.
    ...page(4, [0x80, 7, 0, 0, 0, 0, 0, 0], 2, [3, 2], [0xf8, 7, 7, 0xf8, 9]),
  ])
})

test('a server’s look at the first bytes calls it Opus in Ogg', async () => {
  expect((await fileTypeFromBuffer(toOgg(webm([block(packet(40))]))))?.mime).toBe('audio/ogg; codecs=opus')
})

test('pages end after a second, are numbered, and count every sample; the last one says that it is the last', () => {
  const pages = pagesOf(toOgg(webm(Array.from({ length: 120 }, (_, place) => block(packet(30, place))))))
  expect(pages.map(({ flags }) => flags)).toEqual([2, 0, 0, 0, 4])
  expect(pages.map(({ number }) => number)).toEqual([0, 1, 2, 3, 4])
  expect(pages.map(({ samples }) => samples)).toEqual([0, 0, 48_000, 96_000, 115_200])
  expect(pages.map(({ lengths }) => lengths.length)).toEqual([1, 1, 50, 50, 20])
})

test.each([254, 255, 256, 510, 1275])('a packet of %i bytes is whole again', (length) => {
  const made = pagesOf(toOgg(webm([block(packet(length)), block(packet(5))]))).at(-1)
  expect(made?.lengths).toEqual([length, 5])
  expect([...(made?.content.subarray(0, length) ?? [])]).toEqual(packet(length))
})

test('a page takes no more than its 255 segments', () => {
  const pages = pagesOf(toOgg(webm(Array.from({ length: 45 }, () => block(packet(1530))))))
  expect(pages.slice(2).map(({ lengths }) => lengths.length)).toEqual([36, 9])
  expect(pages.at(-1)?.samples).toBe(45 * 960)
})

test.each([
  ['SILK, 10 ms', [0x00], 480],
  ['SILK, 60 ms', [0x18], 2880],
  ['hybrid, 20 ms', [0x68], 960],
  ['CELT, 2.5 ms', [0x80], 120],
  ['CELT, 20 ms', [0xf8], 960],
  ['two frames alike', [0xf9], 1920],
  ['two frames that differ', [0xfa], 1920],
  ['three frames', [0xfb, 0x03], 2880],
  ['three frames with padding and their own sizes', [0xfb, 0xc3], 2880],
])('%s', (_, bytes, samples) => {
  expect(samplesOf(Uint8Array.from(bytes))).toBe(samples)
})

test('a recording that was cut off has what came before; groups of blocks are read, too', () => {
  const group = element([0xa0], [...element([0xa1], [0x81, 0, 0, 0, ...packet(4)]), ...element([0x9b], [20])])
  const whole = webm([block(packet(3)), group, block(packet(9))])
  expect(opusPackets(whole).packets.map(({ length }) => length)).toEqual([3, 4, 9])
  for (const cut of [1, 5, 12])
    expect(opusPackets(whole.subarray(0, whole.length - cut)).packets.map(({ length }) => length)).toEqual([3, 4])
})

test.each([
  ['nothing', new Uint8Array()],
  ['zeros', new Uint8Array(64)],
  ['other bytes', Uint8Array.from(text('RIFF0000WAVEfmt '))],
  ['no packet', webm([])],
  [
    'another codec',
    Uint8Array.from(webm([block(packet(3))]).map((byte, at, all) => (all[at - 4] === 0x4f && all[at - 3] === 0x70 ? 0x21 : byte))),
  ],
  ['laced blocks', webm([block(packet(3), 0x82)])],
])('%s is refused with an error', (_, bytes) => {
  expect(() => toOgg(bytes)).toThrow()
})

const ogg = 'audio/ogg;codecs=opus'
const mp4 = 'audio/mp4;codecs=mp4a.40.2'
const webmType = 'audio/webm;codecs=opus'
test.each([
  ['Firefox', [ogg, webmType], { recorded: ogg, sent: 'audio/ogg', repacked: false }],
  ['Safari', [mp4], { recorded: mp4, sent: 'audio/mp4', repacked: false }],
  ['Chrome with AAC', [mp4, 'audio/mp4;codecs=opus', webmType], { recorded: mp4, sent: 'audio/mp4', repacked: false }],
  ['Chrome without', ['audio/mp4;codecs=opus', 'audio/mp4', webmType], { recorded: webmType, sent: 'audio/ogg', repacked: true }],
  ['a browser with neither', ['audio/mp4;codecs=opus', 'audio/wav'], null],
])('%s is asked for what WhatsApp takes', (_, records, wanted) => {
  const found = chooseFormat((type) => records.includes(type))
  if (wanted === null) expect(found).toBeNull()
  else expect(found).toMatchObject(wanted)
})
