// The media of a message, as Twilio keeps them: which there are, of what type, and under which sid.
import type { Shot } from './camera-roll.ts'
import type { SimulatedMessage } from './simulated-message.ts'

interface SimulatedMedia {
  /** Its position among those that the message came with. */
  index: number
  sid: string
  contentType: string
  /** Null: only its type is known. */
  url: string | null
  /** Of the phone's own. */
  shot: Shot | null
}

/** Twilio looks at the file; here its name has to do. */
const typeByEnding: Readonly<Record<string, string>> = {
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  png: 'image/png',
  gif: 'image/gif',
  webp: 'image/webp',
  pdf: 'application/pdf',
  mp4: 'video/mp4',
  mp3: 'audio/mpeg',
  ogg: 'audio/ogg',
  amr: 'audio/amr',
  vcf: 'text/vcard',
}

export function mediaOf({ sid, mediaUrls, mediaTypes, shots, deletedMedia }: SimulatedMessage): SimulatedMedia[] {
  const all = Array.from({ length: Math.max(mediaUrls.length, mediaTypes.length) }, (_, index) => ({
    index,
    sid: `ME${sid.slice(2, -2)}${String(index).padStart(2, '0')}`,
    contentType: mediaTypes[index] ?? typeOf(mediaUrls[index] ?? ''),
    url: mediaUrls[index] ?? null,
    shot: shots[index] ?? null,
  }))
  return all.filter(({ index }) => !deletedMedia.has(index))
}

function typeOf(url: string): string {
  const ending = /\.(\w+)$/.exec(URL.parse(url)?.pathname ?? '')?.[1]?.toLowerCase() ?? ''
  return typeByEnding[ending] ?? 'application/octet-stream'
}
