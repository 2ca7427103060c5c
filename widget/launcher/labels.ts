// The few words that button and badges need before a language's chunk is there.
import type { Locale } from '../client/panel.ts'

interface Labels {
  open: string
  close: string
  unread(n: number): string
  waiting(n: number): string
  /** Of a badge: messages of the record's client that wait without a record. */
  unfiled(n: number): string
  offline(n: number): string
  /** Of a badge: a client waits, for so long. */
  waits(time: string): string
  days: [one: string, more: string]
}

/** 1 to 99, then 99+: as it stands on the button, so that whoever speaks to the page can say what they read. */
export const count = (n: number) => (n > 99 ? '99+' : String(n))

export const labels: Record<Locale, Labels> = {
  es: {
    open: 'Abrir mensajes',
    close: 'Cerrar mensajes',
    unread: (n) => `${count(n)} sin leer`,
    waiting: (n) => (n === 1 ? '1 espera respuesta' : `${count(n)} esperan respuesta`),
    unfiled: (n) => `${count(n)} sin coordinación`,
    offline: (n) => (n > 0 ? `Sin conexión. ${count(n)} sin leer al desconectarse` : 'Sin conexión. Abrir mensajes'),
    waits: (time) => `espera respuesta hace ${time}`,
    days: ['día', 'días'],
  },
  en: {
    open: 'Open messages',
    close: 'Close messages',
    unread: (n) => `${count(n)} unread`,
    waiting: (n) => (n === 1 ? '1 awaits a reply' : `${count(n)} await a reply`),
    unfiled: (n) => `${count(n)} without a record`,
    offline: (n) => (n > 0 ? `Offline. ${count(n)} unread when the connection went` : 'Offline. Open messages'),
    waits: (time) => `awaiting a reply for ${time}`,
    days: ['day', 'days'],
  },
  pt: {
    open: 'Abrir mensagens',
    close: 'Fechar mensagens',
    unread: (n) => (n === 1 ? '1 não lida' : `${count(n)} não lidas`),
    waiting: (n) => (n === 1 ? '1 aguarda resposta' : `${count(n)} aguardam resposta`),
    unfiled: (n) => `${count(n)} sem coordenação`,
    offline: (n) => (n > 0 ? `Sem conexão. ${count(n)} não lidas ao cair` : 'Sem conexão. Abrir mensagens'),
    waits: (time) => `aguarda resposta há ${time}`,
    days: ['dia', 'dias'],
  },
}

/** As `formatWait` of the panel: minutes to 59, then hours, then days. */
export function waited(locale: Locale, ms: number): string {
  const minutes = Math.floor(ms / 60_000)
  const hours = Math.floor(minutes / 60)
  const days = Math.floor(hours / 24)
  return `${days || hours || minutes}\u00a0${days ? labels[locale].days[days === 1 ? 0 : 1] : hours ? 'h' : 'min'}`
}

const isLocale = (text: string): text is Locale => text === 'es' || text === 'en' || text === 'pt'

/** The option, else the page's language, else the browser's; of those we speak, the first. */
export function chooseLocale(option: string | undefined): Locale {
  for (const tag of [option, document.documentElement.lang, ...navigator.languages]) {
    const language = (tag ?? '').slice(0, 2).toLowerCase()
    if (isLocale(language)) return language
  }
  return 'es'
}
