// Which zone times are shown in, where the browser's own data may be older than the name that the server gives.
import type { ReadyEvent } from '../../shared/events.ts'
import type { Ready } from './client.ts'

/** The answer of `resolvedOptions` may itself be refused: a machine without a zone has `Etc/Unknown`. */
function isKnown(timeZone: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone })
    return true
  } catch {
    return false
  }
}

/** With a zone that this browser can show: the server's by one of its names, or its offset; else the browser's own. */
export function withKnownTimezone(ready: ReadyEvent): Ready {
  const { timezone, otherTimezones = [] } = ready
  const own = [timezone, ...otherTimezones].find(isKnown)
  if (own === timezone) return ready
  if (own !== undefined) return { ...ready, timezone: own }
  const browsers = Intl.DateTimeFormat().resolvedOptions().timeZone
  return { ...ready, timezone: isKnown(browsers) ? browsers : 'UTC', foreignTimezone: true }
}
