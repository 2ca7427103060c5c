// What the phones of clients have to send: a few files, made for Hilo.
import { readFileSync } from 'node:fs'

const roll = {
  photo: { file: 'garden.jpg', contentType: 'image/jpeg', kind: 'image' },
  cake: { file: 'cake.jpg', contentType: 'image/jpeg', kind: 'image' },
  sticker: { file: 'sticker.webp', contentType: 'image/webp', kind: 'sticker' },
  voice: { file: 'voice.ogg', contentType: 'audio/ogg; codecs=opus', kind: 'audio' },
  video: { file: 'lights.mp4', contentType: 'video/mp4', kind: 'video' },
  document: { file: 'quote.pdf', contentType: 'application/pdf', kind: 'document' },
  contacts: { file: 'contacts.vcf', contentType: 'text/vcard', kind: 'contacts' },
} as const
export type Shot = keyof typeof roll

export const isShot = (name: unknown): name is Shot => typeof name === 'string' && Object.hasOwn(roll, name)

/** `kind`: WhatsApp's word for such a message. */
export const shotOf = (shot: Shot): { contentType: string; kind: string } => roll[shot]

const read = new Map<Shot, Buffer>()

export function bytesOf(shot: Shot): Buffer {
  const bytes = read.get(shot) ?? readFileSync(new URL(`camera-roll/${roll[shot].file}`, import.meta.url))
  read.set(shot, bytes)
  return bytes
}
