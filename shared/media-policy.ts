// Which files a channel takes, and up to what size. Page and server both ask here. Sizes as Twilio and Meta document them.
import type { Channel } from './model.ts'

export type MediaKind = 'image' | 'audio' | 'video' | 'document' | 'contacts'

const KB = 1024
const MB = 1024 * KB

interface MediaType {
  kind: MediaKind
  /** Of a file's name; the first is put on where a name has none of them. */
  endings: readonly [string, ...string[]]
  /** The most bytes that each channel sends; absent: it sends none. What clients send is taken whatever stands here. */
  send: Partial<Record<Channel, number>>
}

const whatsapp = 16 * MB
const sms = 500 * KB

/** Every type that Hilo keeps. What is not here is refused: above all what a script runs in (HTML, SVG, XML), programs, archives. */
const mediaTypes = new Map<string, MediaType>(
  Object.entries<MediaType>({
    'image/jpeg': { kind: 'image', endings: ['jpg', 'jpeg', 'jpe', 'jfif'], send: { whatsapp: 5 * MB, sms: 5 * MB } },
    'image/png': { kind: 'image', endings: ['png', 'apng'], send: { whatsapp: 5 * MB, sms: 5 * MB } },
    'image/gif': { kind: 'image', endings: ['gif'], send: { sms: 5 * MB } },
    'image/webp': { kind: 'image', endings: ['webp'], send: { whatsapp: 5 * MB } },
    // Not every browser shows it.
    'image/heic': { kind: 'document', endings: ['heic', 'heif'], send: {} },
    'audio/ogg': { kind: 'audio', endings: ['ogg', 'oga', 'opus'], send: { whatsapp, sms } },
    'audio/mpeg': { kind: 'audio', endings: ['mp3', 'mpga'], send: { whatsapp, sms } },
    'audio/mp4': { kind: 'audio', endings: ['m4a', 'mp4'], send: { whatsapp, sms } },
    'audio/aac': { kind: 'audio', endings: ['aac'], send: { whatsapp, sms } },
    'audio/amr': { kind: 'audio', endings: ['amr'], send: { whatsapp, sms } },
    'audio/3gpp': { kind: 'audio', endings: ['3gp', '3gpp'], send: { whatsapp, sms } },
    'audio/wav': { kind: 'audio', endings: ['wav'], send: { sms } },
    'video/mp4': { kind: 'video', endings: ['mp4', 'm4v'], send: { whatsapp, sms } },
    'video/3gpp': { kind: 'video', endings: ['3gp', '3gpp'], send: { sms } },
    'video/quicktime': { kind: 'video', endings: ['mov', 'qt'], send: { sms } },
    'video/webm': { kind: 'video', endings: ['webm'], send: { sms } },
    'application/pdf': { kind: 'document', endings: ['pdf'], send: { whatsapp, sms } },
    'application/msword': { kind: 'document', endings: ['doc', 'dot'], send: { whatsapp } },
    'application/vnd.ms-excel': { kind: 'document', endings: ['xls'], send: {} },
    'application/vnd.ms-powerpoint': { kind: 'document', endings: ['ppt', 'pps'], send: {} },
    'application/vnd.openxmlformats-officedocument.wordprocessingml.document': {
      kind: 'document',
      endings: ['docx'],
      send: { whatsapp },
    },
    'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet': { kind: 'document', endings: ['xlsx'], send: { whatsapp } },
    'application/vnd.openxmlformats-officedocument.presentationml.presentation': {
      kind: 'document',
      endings: ['pptx'],
      send: { whatsapp },
    },
    'text/vcard': { kind: 'contacts', endings: ['vcf', 'vcard'], send: { whatsapp, sms } },
    'text/plain': { kind: 'document', endings: ['txt', 'text', 'log'], send: {} },
    'text/csv': { kind: 'document', endings: ['csv'], send: { sms } },
    'text/calendar': { kind: 'document', endings: ['ics'], send: { sms } },
  }),
)

/** All media of one message together. */
export const mostBytes: Readonly<Record<Channel, number>> = { whatsapp, sms: 5 * MB }

/** An upload's, on any channel. */
export const UPLOAD_BYTES = whatsapp

/** Of one send; more are sent in another. */
export const MOST_FILES = 20

/** Other names that senders, phones and browsers give the same types. */
const sameTypes = new Map(
  Object.entries({
    'image/jpg': 'image/jpeg',
    'image/pjpeg': 'image/jpeg',
    'image/apng': 'image/png',
    'image/heif': 'image/heic',
    'application/ogg': 'audio/ogg',
    'audio/opus': 'audio/ogg',
    'audio/mp3': 'audio/mpeg',
    'audio/x-m4a': 'audio/mp4',
    'audio/m4a': 'audio/mp4',
    'audio/x-wav': 'audio/wav',
    'audio/vnd.wave': 'audio/wav',
    'audio/wave': 'audio/wav',
    'audio/x-aac': 'audio/aac',
    'audio/3gpp2': 'audio/3gpp',
    'video/3gpp2': 'video/3gpp',
    'video/x-m4v': 'video/mp4',
    'text/x-vcard': 'text/vcard',
    'text/directory': 'text/vcard',
  }),
)

/** `Audio/OGG; codecs=opus` → `audio/ogg`, by the name that this table has. */
export function plainType(contentType: string): string {
  const bare = contentType.split(';', 1)[0]?.trim().toLowerCase() ?? ''
  return sameTypes.get(bare) ?? bare
}

const typeOf = (contentType: string) => mediaTypes.get(plainType(contentType))

/** Null: a type that is not kept. */
export function mediaKind(contentType: string): MediaKind | null {
  return typeOf(contentType)?.kind ?? null
}

/** Endings of names that fit the type. */
export function endingsOf(contentType: string): readonly string[] {
  return typeOf(contentType)?.endings ?? []
}

/** The most bytes that are taken of such a file from a client; null: none. A photo sent as a document is larger than one that can be sent. */
export function mostToTake(channel: Channel, contentType: string): number | null {
  return typeOf(contentType) === undefined ? null : mostBytes[channel]
}

/** The most bytes that the channel sends of such a file; null: it does not send the type. */
export function mostToSend(channel: Channel, contentType: string): number | null {
  return typeOf(contentType)?.send[channel] ?? null
}

/** Null: the channel sends it. */
export function faultOfSending(channel: Channel, contentType: string, size: number): 'type' | 'too_large' | null {
  const most = mostToSend(channel, contentType)
  return most === null ? 'type' : size > most ? 'too_large' : null
}

/**
 * The type of a file of this machine, of which the browser says `said`. Where that is none that is kept, the name's ending tells: systems
 * know few types of their own. The server looks at the bytes all the same.
 */
export function typeOfFile(name: string, said: string): string {
  if (typeOf(said)) return plainType(said)
  const ending = /\.([^.]+)$/.exec(name)?.[1]?.toLowerCase() ?? ''
  const types = [...mediaTypes]
  // A 3gp or mp4 without a word is a video.
  const usual = types.findLast(([, { endings }]) => endings[0] === ending)
  return (usual ?? types.find(([, { endings }]) => endings.includes(ending)))?.[0] ?? plainType(said)
}

/** What a chooser of files offers: the types that the channel sends, and their endings for systems that do not know the types. */
export function typesToChoose(channel: Channel): string {
  const sent = [...mediaTypes].filter(([, { send }]) => send[channel] !== undefined)
  return sent.flatMap(([type, { endings }]) => [type, ...endings.map((ending) => `.${ending}`)]).join()
}

/** Before it is uploaded. */
export function faultOfFile(channel: Channel, contentType: string, size: number): 'empty' | 'type' | 'too_large' | null {
  return size === 0 ? 'empty' : faultOfSending(channel, contentType, size)
}
