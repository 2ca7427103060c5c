// Times as the organization has them: its agents read the same hours beside this page.
import { locale, say } from './words.js'

let timeZone
let formats = {}
const options = {
  clock: { hour: 'numeric', minute: '2-digit', hourCycle: 'h23' },
  exact: { hour: 'numeric', minute: '2-digit', second: '2-digit', hourCycle: 'h23' },
  date: { weekday: 'long', day: 'numeric', month: 'long' },
  day: { year: 'numeric', month: 'numeric', day: 'numeric' },
  seconds: { second: '2-digit' },
}

/** None: those of this computer. */
export function setTimeZone(zone) {
  if (zone === timeZone) return
  timeZone = zone ?? undefined
  formats = {}
}

const write = (name, at) => {
  formats[name] ??= new Intl.DateTimeFormat(locale, { timeZone, ...options[name] })
  return formats[name].format(at)
}

export const clock = (at) => write('clock', at)
export const exactClock = (at) => write('exact', at)
export const seconds = (at) => write('seconds', at).padStart(2, '0')
export const dayOf = (at) => write('day', at)

export function dayWords(at) {
  if (dayOf(at) === dayOf(Date.now())) return say.today
  if (dayOf(at) === dayOf(Date.now() - 86_400_000)) return say.yesterday
  return write('date', at)
}
