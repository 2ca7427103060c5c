// Days and times as a language writes them in a zone. To make a format costs a thousand times what it costs to use one: each is kept.
const formats = new Map<string, Intl.DateTimeFormat>()
/** Then they begin anew: a house has few languages and zones. */
const MOST = 200

const parts = {
  day: { weekday: 'long', day: 'numeric', month: 'long' },
  time: { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' },
} as const satisfies Record<string, Intl.DateTimeFormatOptions>

export function formatTime(at: Date, part: keyof typeof parts, language: string, timeZone: string): string {
  const key = `${part}|${language}|${timeZone}`
  const known = formats.get(key)
  if (known !== undefined) return known.format(at)
  const format = new Intl.DateTimeFormat(tagOf(language), { ...parts[part], timeZone })
  if (formats.size >= MOST) formats.clear()
  formats.set(key, format)
  return format.format(at)
}

/** A language that this process does not know is written as the house's default. */
function tagOf(language: string): string | undefined {
  const tag = language.replaceAll('_', '-')
  try {
    return Intl.DateTimeFormat.supportedLocalesOf(tag)[0]
  } catch {
    return undefined
  }
}
