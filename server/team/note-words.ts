// The words of a notification for a message that has none.
import type { LastMessage, MessageType, ShownKind } from '../../shared/model.ts'

type Words = Partial<Record<MessageType, string>> & { other: string; kinds: Record<ShownKind, string> }

const words: Record<string, Words> = {
  es: {
    ...{ media: 'Archivo', location: 'Ubicación', contacts: 'Contacto', other: 'Escribió un mensaje' },
    kinds: { image: 'Foto', sticker: 'Sticker', audio: 'Audio', video: 'Video', document: 'Documento', contacts: 'Contacto' },
  },
  en: {
    ...{ media: 'File', location: 'Location', contacts: 'Contact', other: 'Sent a message' },
    kinds: { image: 'Photo', sticker: 'Sticker', audio: 'Audio', video: 'Video', document: 'Document', contacts: 'Contact' },
  },
  pt: {
    ...{ media: 'Arquivo', location: 'Localização', contacts: 'Contato', other: 'Enviou uma mensagem' },
    kinds: { image: 'Foto', sticker: 'Figurinha', audio: 'Áudio', video: 'Vídeo', document: 'Documento', contacts: 'Contato' },
  },
}

/** `attachment`: what the message came with, where that is known. */
export function wordFor(type: MessageType, attachment: LastMessage['attachment'] | null, locale: string): string {
  const chosen = words[locale.slice(0, 2)] ?? (words.es as Words)
  if (type !== 'media' || !attachment) return chosen[type] ?? chosen.other
  return chosen.kinds[attachment.kind] + (attachment.filename === null ? '' : `: ${attachment.filename}`)
}
