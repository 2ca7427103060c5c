// What may go with a message on which channel, and how a send with files becomes messages: WhatsApp takes one file a message, and shows
// words beside a picture alone; an MMS takes several (Twilio's guides to WhatsApp media and to MMS). Page and server both ask here.
import { faultOfSending, mostBytes, plainType } from './media-policy.ts'
import type { Channel } from './model.ts'

interface SizedFile {
  contentType: string
  size: number
}

export interface MediaPart<Some extends SizedFile> {
  text: string
  files: readonly Some[]
}

/** Meta's for a caption; Twilio's for a body is longer. */
const CAPTION_CHARS = 1024
/** Twilio's, of one MMS (21623). */
const MOST_IN_MMS = 10
/** A sticker has no words beside it either. */
const captioned = new Set(['image/jpeg', 'image/png'])

/** The first has the text, which stands alone where it cannot stand beside the first file. */
export function splitMedia<Some extends SizedFile>(
  channel: Channel,
  text: string,
  files: readonly Some[],
): [MediaPart<Some>, ...MediaPart<Some>[]] {
  const [first, ...others] = channel === 'sms' ? groupsOf(files) : files.map((file) => [file])
  const beside =
    text === '' || channel === 'sms' || (text.length <= CAPTION_CHARS && captioned.has(plainType(first?.[0]?.contentType ?? '')))
  const alone = (group: readonly Some[]): MediaPart<Some> => ({ text: '', files: group })
  if (first === undefined || !beside) return [{ text, files: [] }, ...(first === undefined ? [] : [first, ...others].map(alone))]
  return [{ text, files: first }, ...others.map(alone)]
}

/** As many to a message as it takes, in their order. */
function groupsOf<Some extends SizedFile>(files: readonly Some[]): Some[][] {
  const groups: Some[][] = []
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

/** Of numbers that begin with +1 and are of neither country: islands, above all. The page has no list of all the world's numbers. */
const islands = new Set(
  '242 246 264 268 284 340 345 441 473 649 658 664 670 671 684 721 758 767 784 787 809 829 849 868 869 876 939'.split(' '),
)

const hasMms = (address: string): boolean => address.startsWith('+1') && !islands.has(address.slice(2, 5))

/** Why these files cannot go, and which one it is about (null: none in particular); null: they can. `sender`: a number, or a service. */
export function faultOfFiles(
  { channel, sender, address }: { channel: Channel; sender: string; address: string },
  files: readonly SizedFile[],
): { fault: 'no_mms' | 'type' | 'too_large'; place: number | null } | null {
  // A service chooses the number that sends.
  if (channel === 'sms' && !(hasMms(address) && (sender.startsWith('MG') || hasMms(sender)))) return { fault: 'no_mms', place: null }
  for (const [place, { contentType, size }] of files.entries()) {
    const fault = faultOfSending(channel, contentType, size)
    if (fault !== null) return { fault, place }
  }
  return null
}
