// Names of time zones, as settings and records give them.
/** Whether `Intl` knows this IANA name, such as America/Argentina/Buenos_Aires. */
export function isTimezone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name })
    return true
  } catch {
    return false
  }
}
