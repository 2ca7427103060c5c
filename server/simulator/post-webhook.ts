// One webhook to the application, with Twilio's patience: how long it waits, and what it repeats.
import { randomUUID } from 'node:crypto'
import http from 'node:http'
import https from 'node:https'
import { setTimeout as pause } from 'node:timers/promises'
import { signRequest } from './signature.ts'

/** Twilio's connection overrides; also read from the address's fragment: `#rc=3&rp=all&rt=3500`. */
export interface RetryPolicy {
  /** How often it is repeated, 0 to 5. */
  rc: number
  /** The failures after which it is repeated: `ct` (no connection), `rt` (no answer in time), `4xx`, `5xx`, `all`. */
  rp: readonly string[]
  /** ms to the first byte of the answer. */
  rt: number
  /** ms for all tries together. */
  tt: number
  /** ms between tries; no override of Twilio's, for those who repeat by themselves. */
  pauseMs: number
}

/** Repeats once, and only when no connection came about; a slow or failing handler is not asked again. */
const twilioDefault: RetryPolicy = { rc: 1, rp: ['ct'], rt: 15_000, tt: 15_000, pauseMs: 0 }

interface Posted {
  /** Of the last answer; null: none came. */
  status: number | null
  attempts: number
}

type Content = Readonly<Record<string, string>> | string

export interface Poster {
  /** Never throws. `url` is signed and may have a fragment; the request goes to `actualUrl`. A text is JSON, covered by its hash in `url`. */
  post(url: string, actualUrl: string, content: Content): Promise<Posted>
  inFlight(): number
  close(): void
}

export function createPoster(authToken: string, now: () => number, policyOverride: Partial<RetryPolicy> = {}): Poster {
  const agents = { keepAlive: true, maxSockets: 64, maxFreeSockets: 64 }
  const plain = new http.Agent(agents)
  const secure = new https.Agent(agents)
  const open = new Set<http.ClientRequest>()
  let closed = false
  let inFlight = 0

  /** A status, or what kind of failure it was. */
  const attempt = (target: URL, body: string, headers: Record<string, string>, timeoutMs: number) =>
    new Promise<{ status: number } | { fault: 'ct' | 'rt' | 'stale' }>((resolve) => {
      const secureTarget = target.protocol === 'https:'
      const request = (secureTarget ? https : http).request(
        target,
        { method: 'POST', agent: secureTarget ? secure : plain, headers: { ...headers, 'Content-Length': Buffer.byteLength(body) } },
        (response) => {
          response.resume()
          response.on('close', () => resolve({ status: response.statusCode ?? 0 }))
        },
      )
      let connected = false
      let late = false
      request.on('socket', (socket) => {
        if (!socket.connecting) connected = true
        else socket.once('connect', () => (connected = true))
      })
      request.setTimeout(timeoutMs, () => {
        late = true
        request.destroy()
      })
      request.on('error', () => resolve({ fault: late ? 'rt' : connected ? (request.reusedSocket ? 'stale' : 'rt') : 'ct' }))
      request.on('close', () => open.delete(request))
      open.add(request)
      request.end(body)
    })

  const post = async (url: string, actualUrl: string, content: Content): Promise<Posted> => {
    const policy = { ...twilioDefault, ...policyOverride, ...readPolicy(url) }
    const signedUrl = url.split('#', 1)[0] ?? ''
    const form = typeof content === 'string' ? {} : content
    const headers = {
      'Content-Type': typeof content === 'string' ? 'application/json' : 'application/x-www-form-urlencoded; charset=UTF-8',
      'User-Agent': 'TwilioProxy/1.1',
      'X-Twilio-Signature': signRequest(authToken, signedUrl, form),
      'I-Twilio-Idempotency-Token': randomUUID(),
      Host: new URL(signedUrl).host,
    }
    const body = typeof content === 'string' ? content : new URLSearchParams(content).toString()
    const target = new URL(actualUrl.split('#', 1)[0] ?? '')
    const until = now() + policy.tt
    let attempts = 0
    for (let repeats = 0; ; repeats++) {
      attempts++
      let result = await attempt(target, body, headers, policy.rt)
      // A kept connection that the other side had given up meanwhile: ours to notice, not a failure of the webhook.
      for (let again = 0; 'fault' in result && result.fault === 'stale' && again < 3 && !closed; again++)
        result = await attempt(target, body, headers, policy.rt)
      const status = 'status' in result ? result.status : null
      const repeatable =
        'status' in result
          ? result.status >= 400 && (policy.rp.includes('all') || policy.rp.includes(result.status >= 500 ? '5xx' : '4xx'))
          : policy.rp.includes('all') || policy.rp.includes(result.fault === 'stale' ? 'ct' : result.fault)
      if (!repeatable || repeats >= policy.rc || closed || now() >= until) return { status, attempts }
      if (policy.pauseMs > 0) await pause(policy.pauseMs)
    }
  }
  return {
    async post(url, actualUrl, content) {
      if (closed) return { status: null, attempts: 0 }
      inFlight++
      try {
        return await post(url, actualUrl, content)
      } finally {
        inFlight--
      }
    },
    inFlight: () => inFlight,
    close() {
      closed = true
      for (const request of open) request.destroy()
      plain.destroy()
      secure.destroy()
    },
  }
}

function readPolicy(url: string): Partial<RetryPolicy> {
  const fragment = new URLSearchParams(url.split('#')[1] ?? '')
  const policy: Partial<RetryPolicy> = {}
  for (const name of ['rc', 'rt', 'tt'] as const) {
    const value = Number(fragment.get(name) ?? Number.NaN)
    if (Number.isInteger(value) && value >= 0) policy[name] = value
  }
  const rp = fragment.get('rp')
  if (rp !== null) policy.rp = rp.split(',')
  return policy
}
