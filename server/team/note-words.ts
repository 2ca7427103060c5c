// The words of a notification for a message that has none.
import type { MessageType } from '../../shared/model.ts'

type Words = Partial<Record<MessageType, string>> & { other: string }

const words: Record<string, Words> = {
  es: { media: 'Envió un archivo', location: 'Envió una ubicación', contacts: 'Envió un contacto', other: 'Escribió un mensaje' },
  en: { media: 'Sent a file', location: 'Sent a location', contacts: 'Sent a contact', other: 'Sent a message' },
  pt: { media: 'Enviou um arquivo', location: 'Enviou uma localização', contacts: 'Enviou um contato', other: 'Enviou uma mensagem' },
}

export function wordFor(type: MessageType, locale: string): string {
  const chosen = words[locale.slice(0, 2)] ?? (words.es as Words)
  return chosen[type] ?? chosen.other
}
