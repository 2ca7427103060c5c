// Names of time zones, as settings and records give them.
/**
 * Whether `Intl` knows this IANA name, such as America/Argentina/Buenos_Aires. An offset such as +03:00 is none: it knows no
 * daylight saving, and only newer browsers take it.
 */
export function isTimezone(name: string): boolean {
  if (!/^[a-z]/i.test(name)) return false
  try {
    new Intl.DateTimeFormat('en', { timeZone: name })
    return true
  } catch {
    return false
  }
}
