// What may go with a message on which channel, and how a send with files becomes messages: WhatsApp takes one file a message, and shows
// words beside a picture alone; an MMS takes several (Twilio's guides to WhatsApp media and to MMS).
import type { Channel } from '../../shared/model.ts'
import { faultOfSending, mostBytes, plainType } from '../../shared/media-policy.ts'
import { countryOf } from '../../shared/parse-phone.ts'
import type { KeptFile } from './media.ts'

export interface MediaPart {
  text: string
  files: readonly KeptFile[]
}

/** Meta's for a caption; Twilio's for a body is longer. */
const CAPTION_CHARS = 1024
/** Twilio's, of one MMS (21623). */
const MOST_IN_MMS = 10
/** A sticker has no words beside it either. */
const captioned = new Set(['image/jpeg', 'image/png'])

/** The first has the text, which stands alone where it cannot stand beside the first file. */
export function splitMedia(channel: Channel, text: string, files: readonly KeptFile[]): [MediaPart, ...MediaPart[]] {
  const [first, ...others] = channel === 'sms' ? groupsOf(files) : files.map((file) => [file])
  const beside =
    text === '' || channel === 'sms' || (text.length <= CAPTION_CHARS && captioned.has(plainType(first?.[0]?.contentType ?? '')))
  const alone = (group: readonly KeptFile[]): MediaPart => ({ text: '', files: group })
  if (first === undefined || !beside) return [{ text, files: [] }, ...(first === undefined ? [] : [first, ...others].map(alone))]
  return [{ text, files: first }, ...others.map(alone)]
}

/** As many to a message as it takes, in their order. */
function groupsOf(files: readonly KeptFile[]): KeptFile[][] {
  const groups: KeptFile[][] = []
  let bytes = 0
  for (const file of files) {
    const last = groups.at(-1)
    bytes += file.size
    if (last !== undefined && last.length < MOST_IN_MMS && bytes <= mostBytes.sms) last.push(file)
    else {
      groups.push([file])
      bytes = file.size
    }
  }
  return groups
}

/** Islands have a country of their own under the same code. */
const hasMms = (address: string): boolean => address.startsWith('+1') && ['US', 'CA', undefined].includes(countryOf(address))

/** Why these files cannot go, and which one it is about (null: none in particular); null: they can. `sender`: a number, or a service. */
export function faultOfFiles(
  { channel, sender, address }: { channel: Channel; sender: string; address: string },
  files: readonly KeptFile[],
): { fault: 'no_mms' | 'type' | 'too_large'; place: number | null } | null {
  // A service chooses the number that sends.
  if (channel === 'sms' && !(hasMms(address) && (sender.startsWith('MG') || hasMms(sender)))) return { fault: 'no_mms', place: null }
  for (const [place, { contentType, size }] of files.entries()) {
    const fault = faultOfSending(channel, contentType, size)
    if (fault !== null) return { fault, place }
  }
  return null
}
