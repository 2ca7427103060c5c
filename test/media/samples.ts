// Small files of each kind, as their programs write them: their first bytes are real, the rest is as short as can be.
import { crc32, deflateSync } from 'node:zlib'

const chunk = (type: string, data: Buffer) => {
  const body = Buffer.concat([Buffer.from(type), data])
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)]
  length.writeUInt32BE(data.length)
  sum.writeUInt32BE(crc32(body))
  return Buffer.concat([length, body, sum])
}

/** A picture that says it is so large, in some dozen bytes. */
export function png(width = 4, height = 3): Buffer {
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  header.set([8, 2], 8)
  const rows = deflateSync(Buffer.alloc(Math.min(width * height * 3 + height, 10_000)))
  return Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), chunk('IHDR', header), chunk('IDAT', rows), chunk('IEND', Buffer.alloc(0))])
}

/** Turned by a quarter, as phones write it: 6 in its EXIF. */
export function jpeg(width = 40, height = 30, orientation = 1): Buffer {
  const exif = Buffer.from(`45786966000049492a00080000000100120103000100000000000000`.replace(/00000000$/, ''), 'hex')
  const turned = Buffer.concat([exif, Buffer.from([orientation, 0, 0, 0, 0, 0, 0, 0])])
  const segment = (marker: number, data: Buffer) => Buffer.concat([Buffer.from([0xff, marker, 0, data.length + 2]), data])
  const size = Buffer.from([8, height >> 8, height & 255, width >> 8, width & 255, 1, 1, 0x11, 0])
  return Buffer.concat([Buffer.from([0xff, 0xd8]), segment(0xe1, turned), segment(0xc0, size), Buffer.from([0xff, 0xd9])])
}

export const gif = Buffer.from('47494638396101000100800000000000ffffff21f90401000000002c00000000010001000002024401003b', 'hex')
export const webp = Buffer.concat([
  Buffer.from('RIFF\x1a\x00\x00\x00WEBPVP8L\r\x00\x00\x00\x2f', 'latin1'),
  Buffer.from('0000001007101111888808fe0700', 'hex'),
])
export const pdf = Buffer.from('%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n')
export const mp4 = Buffer.concat([Buffer.from('0000001866747970', 'hex'), Buffer.from('isom\x00\x00\x02\x00isomiso2'), Buffer.alloc(64)])
export const m4a = Buffer.concat([Buffer.from('0000001866747970', 'hex'), Buffer.from('M4A \x00\x00\x02\x00M4A mp42'), Buffer.alloc(64)])
export const opus = Buffer.concat([
  Buffer.from('OggS\x00\x02', 'latin1'),
  Buffer.alloc(20),
  Buffer.from([1, 19]),
  Buffer.from('OpusHead\x01\x01', 'latin1'),
  Buffer.alloc(64),
])
export const amr = Buffer.from('#!AMR\n<Q\xe1\x00', 'latin1')
export const vcard = Buffer.from('BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Ana Suárez\r\nTEL:+5491144550001\r\nEND:VCARD\r\n')
export const svg = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script>alert(document.domain)</script></svg>')
export const html = Buffer.from('<!doctype html><script>alert(document.domain)</script>')
export const elf = Buffer.concat([Buffer.from('7f454c460201010000', 'hex'), Buffer.alloc(100)])

/** An archive of one packed file. `says`: what its header claims of the size when unpacked. */
export function zip(name: string, content: Buffer, says = content.length): Buffer {
  const packed = deflateSync(content).subarray(2, -4)
  const header = Buffer.alloc(30)
  header.write('PK\x03\x04', 'latin1')
  header.writeUInt16LE(20, 4)
  header.writeUInt16LE(8, 8)
  header.writeUInt32LE(crc32(content), 14)
  header.writeUInt32LE(packed.length, 18)
  header.writeUInt32LE(says, 22)
  header.writeUInt16LE(name.length, 26)
  return Buffer.concat([header, Buffer.from(name), packed])
}

export const docx = zip(
  '[Content_Types].xml',
  Buffer.from(
    '<?xml version="1.0"?><Types><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>',
  ),
)
