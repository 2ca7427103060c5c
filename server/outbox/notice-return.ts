// Notices that Twilio takes requests again after one did not reach it or was never answered. It may have reached us as
// little, and what clients wrote meanwhile is then in its list alone.
import type { Gateway } from './gateway.ts'

/** The same gateway; `returned` is called with the first answer after an outage. */
export function noticeReturn(gateway: Gateway, returned: () => void): Gateway {
  let away = false
  return {
    ...gateway,
    async send(request) {
      const outcome = await gateway.send(request)
      const failed = outcome.kind === 'not_sent' || outcome.kind === 'unknown'
      if (away && !failed) returned()
      away = failed
      return outcome
    },
  }
}
