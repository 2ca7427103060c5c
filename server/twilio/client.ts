// The official SDK, loaded when it is first needed (it takes a quarter of a second), with what it lacks: another base
// address, and the time that a 429 asks to wait.
import type { Twilio } from 'twilio'
import type { RequestOptions } from 'twilio/lib/base/RequestClient.js'
import type { Clock } from '../clock.ts'
import type { ClockGauge } from './clock-gauge.ts'
import type { TwilioSettings } from '../config.ts'

/** Longer and an agent would be left waiting; Twilio usually answers in a fifth of a second. */
const TIMEOUT_MS = 10_000

/** A 429: certainly not processed (Twilio error 20429). */
export class Throttled extends Error {
  readonly retryAfterMs: number | null
  readonly twilioCode: number | null
  constructor(retryAfterMs: number | null, twilioCode: number | null) {
    super('Twilio asks to wait')
    this.retryAfterMs = retryAfterMs
    this.twilioCode = twilioCode
  }
}

export async function createTwilioClient(
  settings: TwilioSettings,
  clock: Clock,
  gauge: ClockGauge,
  timeoutMs = TIMEOUT_MS,
): Promise<Twilio> {
  const { default: twilio } = await import('twilio')
  const base = settings.apiUrl

  class Client extends twilio.RequestClient {
    override async request<TData>(options: RequestOptions<TData>) {
      const url = new URL(options.uri)
      const uri = base === null ? options.uri : base + url.pathname + url.search
      const response = await super.request<TData>({ ...options, uri })
      gauge.read(response.headers)
      if (response.statusCode === 429) throw new Throttled(retryAfter(response.headers, clock.now()), codeOf(response.body))
      return response
    }
  }
  const httpClient = new Client({ timeout: timeoutMs, maxSockets: 50, maxTotalSockets: 200 })
  const { accountSid, apiKey, authTokens } = settings
  return apiKey === null ? twilio(accountSid, authTokens[0], { httpClient }) : twilio(apiKey.sid, apiKey.secret, { accountSid, httpClient })
}

function retryAfter(headers: unknown, now: number): number | null {
  if (typeof headers !== 'object' || headers === null || !('retry-after' in headers)) return null
  const value = String(headers['retry-after'])
  const seconds = Number(value)
  const ms = Number.isFinite(seconds) ? seconds * 1000 : Date.parse(value) - now
  return Number.isFinite(ms) ? Math.min(Math.max(ms, 100), 3600_000) : null
}

function codeOf(body: unknown): number | null {
  try {
    const parsed: unknown = typeof body === 'string' ? JSON.parse(body) : body
    if (typeof parsed === 'object' && parsed !== null && 'code' in parsed && typeof parsed.code === 'number') return parsed.code
  } catch {
    // Not JSON: no code.
  }
  return null
}
