// Days and hours: one that a sentence about the record gives, and the record gives another; a day of the week that is another's.
import { type Contradiction, type Place, plain, type RecordFacts, sentencesOf, wordsOf } from './facts.ts'
import { daysIn, hoursIn, type SaidDay, type SaidHour } from './said-times.ts'

const DAY_MS = 86_400_000
/** How sentences speak of what a record is about. */
const ABOUT =
  /(?<!\p{L})(event|fiesta|casamiento|boda|cumple|turno|cita|reserva|reunion|viaje|evento|te espera|los espera|las espera|nos vemos|appointment|booking|reservation|party|wedding|see you|meeting|trip|festa|casamento|consulta|reuniao|viagem|aniversario|visita|visit|espero|vos espera|esperamos)/u

interface When {
  /** Month from 0, and day; null where only an hour is known. */
  day: { month: number; day: number; weekday: number; at: number } | null
  /** Minutes since midnight. */
  minutes: number | null
  names: string[]
  isStart: boolean
}

function local(iso: number, timezone: string): { day: NonNullable<When['day']>; minutes: number } {
  const parts = new Intl.DateTimeFormat('en-US', {
    timeZone: timezone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
  }).formatToParts(iso)
  const part = (type: string) => Number(parts.find((one) => one.type === type)?.value)
  return { day: dayOf(part('year'), part('month') - 1, part('day')), minutes: part('hour') * 60 + part('minute') }
}

function dayOf(year: number, month: number, day: number): NonNullable<When['day']> {
  const at = Date.UTC(year, month, day)
  return { month, day, weekday: new Date(at).getUTCDay(), at }
}

function whensOf({ startsAt, title, values }: RecordFacts, { timezone }: Place): When[] {
  const whens: When[] = []
  if (startsAt !== null && !Number.isNaN(Date.parse(startsAt))) {
    const { day, minutes } = local(Date.parse(startsAt), timezone)
    // Midnight is a day without an hour.
    whens.push({ day, minutes: minutes === 0 ? null : minutes, names: wordsOf(title), isStart: true })
  }
  for (const [key, value] of Object.entries(values)) {
    if (typeof value !== 'string') continue
    const names = wordsOf(key).map((word) => (word.startsWith('venc') ? 'venc' : word))
    const date = /^(\d{4})-(\d\d)-(\d\d)$/.exec(value)
    const written = /^(\d{1,2})\/(\d{1,2})\/(\d{4})$/.exec(value)
    const hour = /^(\d{1,2}):(\d\d)(?:\s*hs?)?$/.exec(value)
    if (date) whens.push({ day: dayOf(Number(date[1]), Number(date[2]) - 1, Number(date[3])), minutes: null, names, isStart: false })
    else if (written)
      whens.push({ day: dayOf(Number(written[3]), Number(written[2]) - 1, Number(written[1])), minutes: null, names, isStart: false })
    else if (hour) whens.push({ day: null, minutes: Number(hour[1]) * 60 + Number(hour[2]), names, isStart: false })
    else if (/^\d{4}-\d\d-\d\dT/.test(value) && !Number.isNaN(Date.parse(value)))
      whens.push({ ...local(Date.parse(value), timezone), names, isStart: false })
  }
  return whens
}

/** "On Friday" is said of the next days alone. */
const isNear = (at: number, today: number) => at >= today && at < today + 7 * DAY_MS

function isThatDay(said: SaidDay, { day }: When, today: number): boolean {
  if (!day) return false
  if (said.ahead !== null) return day.at === today + said.ahead * DAY_MS
  if (said.day === null) return said.weekday === day.weekday && isNear(day.at, today)
  const same = said.day === day.day && (said.month === null || said.month === day.month)
  const other = said.swapped && said.month !== null && said.month + 1 === day.day && said.day === day.month + 1
  return same || other
}

const isThatHour = (said: SaidHour, minutes: number) =>
  said.minutes === minutes || (said.half && said.minutes + 720 === minutes) || (said.half && said.minutes - 720 === minutes)

export function wrongDays(text: string, facts: RecordFacts, place: Place): Contradiction[] {
  const whens = whensOf(facts, place)
  if (whens.length === 0) return []
  const today = local(place.now, place.timezone).day.at
  return sentencesOf(plain(text)).flatMap((sentence) => {
    const calls = (when: When) =>
      when.names.some((name) => new RegExp(`(?<!\\p{L})${name}`, 'u').test(sentence.text)) || (when.isStart && ABOUT.test(sentence.text))
    // A day called by its own name counts before the record's own day, which many sentences are about.
    const own = whens.filter((when) => !when.isStart && calls(when))
    const named = own.length > 0 ? own : whens.filter(calls)
    const wrong: Contradiction[] = []
    let shown: When | undefined
    for (const said of daysIn(sentence.text, place.locale)) {
      const right = whens.find((when) => isThatDay(said, when, today))
      if (right) {
        shown = right
        // The day is right and its day of the week is another's.
        if (right.day && said.weekday !== null && said.day !== null && said.weekday !== right.day.weekday)
          wrong.push({ ...placed(sentence, said), says: dayText(right.day, place) })
        continue
      }
      const other = named.find((when) => when.day !== null)?.day
      if (!other) continue
      if (said.day === null && said.ahead === null && !isNear(other.at, today)) continue
      wrong.push({ ...placed(sentence, said), says: dayText(other, place) })
    }
    const timed = [...named, ...(shown ? [shown] : [])].filter((when) => when.minutes !== null)
    const hours = hoursIn(sentence.text)
    const [first] = hours
    const all = [...timed, ...whens].flatMap(({ minutes }) => minutes ?? [])
    if (
      first &&
      timed[0]?.minutes !== undefined &&
      timed[0].minutes !== null &&
      !hours.some((said) => all.some((minutes) => isThatHour(said, minutes)))
    )
      wrong.push({
        ...placed(sentence, first),
        says: hourText(timed[0].minutes, text.slice(sentence.at + first.at, sentence.at + first.at + first.length)),
      })
    return wrong
  })
}

const placed = (sentence: { at: number }, { at, length }: { at: number; length: number }) => ({ at: sentence.at + at, length })

function dayText({ at }: NonNullable<When['day']>, { locale }: Place): string {
  const text = new Intl.DateTimeFormat(locale, { timeZone: 'UTC', weekday: 'long', day: 'numeric', month: 'long' }).format(at)
  return locale === 'es' ? text.replace(',', '') : text
}

/** With the unit that was written, where it has one. */
function hourText(minutes: number, written: string): string {
  const [, unit = ''] = /(\s*hs?)$/.exec(written) ?? []
  const hour = Math.floor(minutes / 60)
  const rest = minutes % 60
  return rest === 0 && unit !== '' ? `${hour}${unit}` : `${String(hour).padStart(2, '0')}:${String(rest).padStart(2, '0')}`
}
