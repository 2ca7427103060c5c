// Which days and hours a text names, in three languages; what they are about is not looked at here.

const months = [
  'enero|january|janeiro|ene|jan',
  'febrero|february|fevereiro|feb|fev',
  'marzo|march|marco|mar',
  'abril|april|abr|apr',
  'mayo|may|maio|mai',
  'junio|june|junho|jun',
  'julio|july|julho|jul',
  'agosto|august|ago|aug',
  'septiembre|setiembre|september|setembro|sept|sep|set',
  'octubre|october|outubro|oct|out',
  'noviembre|november|novembro|nov',
  'diciembre|december|dezembro|dic|dec|dez',
]
const weekdays = [
  'domingo|sunday|dom|sun',
  'lunes|monday|segunda-feira|segunda|lun|mon',
  'martes|tuesday|terca-feira|terca|mar|tue',
  'miercoles|wednesday|quarta-feira|quarta|mie|wed',
  'jueves|thursday|quinta-feira|quinta|jue|thu',
  'viernes|friday|sexta-feira|sexta|vie|fri',
  'sabado|saturday|sab|sat',
]
const MONTH = months.join('|')
const WEEKDAY = weekdays.join('|')
const indexIn = (list: string[], word: string) => list.findIndex((one) => one.split('|').includes(word))
const DATE = new RegExp(
  [
    String.raw`(?:(?<w1>${WEEKDAY})[.,]?\s+)?(?:el\s+|dia\s+|the\s+)?(?<d1>\d{1,2})(?:st|nd|rd|th|º|°)?\s+(?:de\s+|of\s+)?(?<m1>${MONTH})\b`,
    String.raw`(?:(?<w2>${WEEKDAY})[.,]?\s+)?(?<m2>${MONTH})\s+(?<d2>\d{1,2})(?:st|nd|rd|th)?\b(?![:.]\d)`,
    String.raw`(?:(?<w3>${WEEKDAY})[.,]?\s+)?(?<![\d/$.,-])(?<d3>\d{1,2})[/-](?<m3>\d{1,2})(?:[/-](?:\d{4}|\d{2}))?(?![\d/])`,
    String.raw`(?<w4>${WEEKDAY})[.,]?\s+(?:el\s+|dia\s+)?(?<d4>\d{1,2})(?![\d:.,]?\d|\s*(?:h|hs|hrs|am|pm|personas|invitados)\b)`,
    String.raw`(?<![\p{L}])(?<rel>pasado manana|hoy|manana|today|tomorrow|hoje|amanha)(?![\p{L}])`,
    String.raw`(?<![\p{L}])(?<w5>${WEEKDAY.replace(/\|(?:dom|sun|lun|mon|mar|tue|mie|wed|jue|thu|vie|fri|sab|sat)(?=\||$)/g, '')})(?![\p{L}])`,
  ].join('|'),
  'gu',
)
const HOUR =
  /(?<![\d/.,:$-])(?:(?<as>a las?|às|as|at|desde las)\s+)?(?<h>\d{1,2})(?:[:.](?<min>\d{2})(?!\d)|h(?<min2>\d{2})(?!\d))?\s*(?<unit>hs?\b|hrs?\b|am\b|pm\b|a\.m\.|p\.m\.)?(?![\d/.,:]*\d)/gu
const DURATION = /(?:en|por|durante|cada|in|for|during|em|dentro de|hace|ha|faltan|quedan|every|within)\s+(?:unas\s+|about\s+)?$/
export interface SaidDay {
  at: number
  length: number
  weekday: number | null
  day: number | null
  month: number | null
  /** Where day and month may be the other way round. */
  swapped: boolean
  /** Days from now. */
  ahead: number | null
}

export function daysIn(text: string, locale: string): SaidDay[] {
  return [...text.matchAll(DATE)].flatMap((match): SaidDay[] => {
    const g = match.groups ?? {}
    const said = { at: match.index, length: match[0].length, swapped: false, ahead: null, day: null, month: null }
    const word = g.w1 ?? g.w2 ?? g.w3 ?? g.w4 ?? g.w5
    const weekday = word === undefined ? null : indexIn(weekdays, word)
    if (g.rel !== undefined) {
      if (/(?:la|de|da|buena|good) $/.test(text.slice(0, match.index))) return []
      const ahead = /^(hoy|today|hoje)$/.test(g.rel) ? 0 : g.rel.startsWith('pasado') ? 2 : 1
      return [{ ...said, weekday, ahead }]
    }
    if (match[0] === '24/7') return []
    const day = Number(g.d1 ?? g.d2 ?? g.d3 ?? g.d4 ?? Number.NaN)
    const named = g.m1 ?? g.m2
    const month = named === undefined ? Number(g.m3 ?? Number.NaN) - 1 : indexIn(months, named)
    if (g.d3 !== undefined && (day > 31 || day < 1 || month > (locale === 'en' ? 30 : 11) || month < 0)) return []
    return [
      {
        ...said,
        weekday,
        day: Number.isNaN(day) ? null : day,
        month: Number.isNaN(month) ? null : month,
        swapped: g.d3 !== undefined && locale === 'en',
      },
    ]
  })
}

export interface SaidHour {
  at: number
  length: number
  minutes: number
  /** In the morning or in the evening: it does not say. */
  half: boolean
}

export function hoursIn(text: string): SaidHour[] {
  return [...text.matchAll(HOUR)].flatMap((match) => {
    const { as, h = '', min, min2, unit } = match.groups ?? {}
    const [hour, minute] = [Number(h), Number(min ?? min2 ?? 0)]
    if (hour > 23 || minute > 59 || (as === undefined && unit === undefined && min === undefined && min2 === undefined)) return []
    if (as === undefined && unit === undefined && match[0].includes('.')) return []
    if (DURATION.test(text.slice(0, match.index))) return []
    const late = unit !== undefined && /^p/.test(unit) && hour < 12 ? 12 : 0
    const skip = as === undefined ? 0 : match[0].length - match[0].replace(/^\D+/, '').length
    const length = match[0].trimEnd().length - skip
    return [{ at: match.index + skip, length, minutes: ((hour % 24) + late) * 60 + minute, half: hour <= 12 && !/[ap]/.test(unit ?? '') }]
  })
}
