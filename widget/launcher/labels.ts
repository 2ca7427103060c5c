// The few words that button and badges need before a language's chunk is there.
import type { Locale } from '../client/panel.ts'

interface Labels {
  open: string
  close: string
  /** 1 to 99, then one for more. */
  unread(n: number): string
  waiting(n: number): string
  /** Of a badge: messages of the record's client that wait without a record. */
  unfiled(n: number): string
  offline(n: number): string
  /** Of a badge: a client waits, for so long. */
  waits(time: string): string
  days: [one: string, more: string]
}

export const labels: Record<Locale, Labels> = {
  es: {
    open: 'Abrir mensajes',
    close: 'Cerrar mensajes',
    unread: (n) => (n > 99 ? 'más de 99 sin leer' : `${n} sin leer`),
    waiting: (n) => (n === 1 ? '1 espera respuesta' : `${n > 99 ? 'más de 99' : n} esperan respuesta`),
    unfiled: (n) => `${n > 99 ? 'más de 99' : n} sin coordinación`,
    offline: (n) => (n > 0 ? `Sin conexión. ${n > 99 ? 'Más de 99' : n} sin leer al desconectarse` : 'Sin conexión. Abrir mensajes'),
    waits: (time) => `espera respuesta hace ${time}`,
    days: ['día', 'días'],
  },
  en: {
    open: 'Open messages',
    close: 'Close messages',
    unread: (n) => (n > 99 ? 'over 99 unread' : `${n} unread`),
    waiting: (n) => (n === 1 ? '1 awaits a reply' : `${n > 99 ? 'over 99' : n} await a reply`),
    unfiled: (n) => `${n > 99 ? 'over 99' : n} without a record`,
    offline: (n) => (n > 0 ? `Offline. ${n > 99 ? 'Over 99' : n} unread when the connection went` : 'Offline. Open messages'),
    waits: (time) => `awaiting a reply for ${time}`,
    days: ['day', 'days'],
  },
  pt: {
    open: 'Abrir mensagens',
    close: 'Fechar mensagens',
    unread: (n) => (n > 99 ? 'mais de 99 não lidas' : n === 1 ? '1 não lida' : `${n} não lidas`),
    waiting: (n) => (n === 1 ? '1 aguarda resposta' : `${n > 99 ? 'mais de 99' : n} aguardam resposta`),
    unfiled: (n) => `${n > 99 ? 'mais de 99' : n} sem coordenação`,
    offline: (n) => (n > 0 ? `Sem conexão. ${n > 99 ? 'Mais de 99' : n} não lidas ao cair` : 'Sem conexão. Abrir mensagens'),
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
