// Other names of a time zone, for browsers whose data is older than the server's.

/**
 * Other names that a browser may know it by: the name that `Intl` has for it, mostly the older one (Europe/Kiev), then its offset of
 * now as every browser knows it (Etc/GMT+3, whose sign is the other way round), or, with minutes, as newer ones do (+05:45).
 */
export function otherTimezones(timezone: string, now: number): string[] {
  const format = new Intl.DateTimeFormat('en', { timeZone: timezone, timeZoneName: 'longOffset' })
  const named = format.formatToParts(now).find((part) => part.type === 'timeZoneName')?.value ?? ''
  const [, sign, hours, minutes] = /^GMT([+-])(\d\d):(\d\d)$/.exec(named) ?? ['', '+', '00', '00']
  const whole = `Etc/GMT${sign === '+' ? '-' : '+'}${Number(hours)}`
  const offset = minutes === '00' ? whole : `${sign}${hours}:${minutes}`
  return [...new Set([format.resolvedOptions().timeZone, offset])].filter((name) => name !== timezone)
}
