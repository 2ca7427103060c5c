// Fetches one item of a message and keeps it, or says why not. Trusts neither where it leads, nor what it says it is, nor its length.
import type { IncomingMessage } from 'node:http'
import { parse } from 'content-disposition'
import type { Channel } from '../../shared/model.ts'
import { mostBytes, mostToSend, mostToTake } from '../../shared/media-policy.ts'
import { DomainError } from '../../shared/problems.ts'
import type { TwilioSettings } from '../config.ts'
import { cleanFilename } from './clean-filename.ts'
import { type Inspected, keepInspected } from './keep-inspected.ts'
import type { MediaFiles } from './media-files.ts'
import { MediaRefused } from './media-refused.ts'
import { AddressRefused, type Line, requestPublic } from '../request-public.ts'

export interface FetchMediaSettings {
  files: MediaFiles
  twilio: Pick<TwilioSettings, 'accountSid' | 'authTokens' | 'apiKey' | 'apiUrl'> | null
  line?: Line
  /** For all of it, to the last byte. */
  wholeMs?: number
}

export type FetchedMedia =
  | ({ outcome: 'kept'; filename: string | null } & Inspected)
  /** For good: it would be no other the next time. */
  | { outcome: 'blocked'; reason: 'too_large' | 'type' | 'address' }
  /** `retry`: another time it may go well. `reason`: a word for logs and figures. */
  | { outcome: 'failed'; retry: boolean; reason: string }

/**
 * `source`: who named the address. `twilio`: a signed webhook or Twilio's own list. `host`: the host app or an agent, who must not reach
 * with our credentials, or beside this machine, what they cannot reach by themselves; what is too large or of a type that the channel
 * does not send is blocked then, too.
 */
export type FetchMedia = (url: string, channel: Channel, declaredType: string, source?: 'twilio' | 'host') => Promise<FetchedMedia>

const WHOLE_MS = 60_000
const MOST_REDIRECTS = 3
const redirects = new Set([301, 302, 303, 307, 308])
/** Another time they may answer otherwise: media of WhatsApp can be away for a moment right after their message. */
const passing = new Set([404, 408, 409, 425, 429])

/** An answer that is no file. */
class Unanswered extends Error {
  readonly retry: boolean
  readonly reason: string
  constructor(reason: string, retry: boolean) {
    super(reason)
    this.retry = retry
    this.reason = reason
  }
}

/** Twilio's API in any of its regions (`api.dublin.ie1.twilio.com`). */
const isTwilioApi = ({ protocol, hostname, port }: URL) =>
  protocol === 'https:' && port === '' && /^api(\.[a-z0-9-]+){0,2}\.twilio\.com$/.test(hostname)

export function createFetchMedia({ files, twilio, line, wholeMs = WHOLE_MS }: FetchMediaSettings): FetchMedia {
  const base = twilio?.apiUrl ? new URL(twilio.apiUrl) : null
  const credentials = twilio?.apiKey
    ? `${twilio.apiKey.sid}:${twilio.apiKey.secret}`
    : twilio === null
      ? null
      : `${twilio.accountSid}:${twilio.authTokens[0]}`
  const isBase = (url: URL) => base !== null && url.origin === base.origin

  /** Where TWILIO_API_URL stands in Twilio's place it does so for media, too. */
  function placeOf(text: string, source: 'twilio' | 'host'): URL {
    const url = URL.parse(text)
    if (url === null) throw new AddressRefused('It is no address.')
    return source === 'twilio' && base !== null && isTwilioApi(url)
      ? new URL(base.href.replace(/\/$/, '') + url.pathname + url.search)
      : url
  }

  async function answerOf(first: URL, source: 'twilio' | 'host', signal: AbortSignal): Promise<IncomingMessage> {
    let url = first
    let isOurs = source === 'twilio'
    for (let hops = 0; ; hops++) {
      // Once it led elsewhere, nothing that it leads to is the operator's word any more.
      isOurs = isOurs && (isBase(url) || (hops === 0 && isTwilioApi(url)))
      const authorization = hops === 0 && isOurs && credentials !== null ? { Authorization: `Basic ${btoa(credentials)}` } : {}
      const headers = { Accept: '*/*', 'Accept-Encoding': 'identity', 'User-Agent': 'Hilo', ...authorization }
      const answer = await requestPublic(url, { headers, mayBePrivate: isOurs && isBase(url), signal }, line)
      if (!redirects.has(answer.statusCode ?? 0)) return answer
      answer.destroy()
      const next = URL.parse(answer.headers.location ?? '', url.href)
      if (next === null) throw new Unanswered('redirect without an address', false)
      if (hops === MOST_REDIRECTS) throw new Unanswered('too many redirects', false)
      if (url.protocol === 'https:' && next.protocol !== 'https:') throw new AddressRefused('It leads from https to less.')
      url = next
    }
  }

  return async (text, channel, declaredType, source = 'twilio') => {
    const signal = AbortSignal.timeout(wholeMs)
    const most = source === 'twilio' ? mostToTake : mostToSend
    let answer: IncomingMessage | null = null
    try {
      answer = await answerOf(placeOf(text, source), source, signal)
      const { statusCode = 0, headers } = answer
      if (statusCode !== 200) throw new Unanswered(`status ${statusCode}`, passing.has(statusCode) || statusCode >= 500)
      // We asked for the bytes as they are: what is packed all the same may unpack to anything.
      if (!/^(identity)?$/i.test(headers['content-encoding'] ?? '')) throw new Unanswered('packed', false)
      if (Number(headers['content-length']) > mostBytes[channel]) throw new MediaRefused('too_large')
      // A host's own word; Twilio's is the declared type.
      const declared = declaredType || (headers['content-type'] ?? '')
      const kept = await keepInspected(files, answer, { declaredType: declared, most: (type) => most(channel, type) })
      return { outcome: 'kept', ...kept, filename: cleanFilename(nameIn(headers['content-disposition']), kept.contentType) }
    } catch (error) {
      return outcomeOf(error, signal)
    } finally {
      answer?.destroy()
    }
  }
}

function outcomeOf(error: unknown, signal: AbortSignal): FetchedMedia {
  if (error instanceof AddressRefused) return { outcome: 'blocked', reason: 'address' }
  if (error instanceof MediaRefused && error.reason !== 'empty') return { outcome: 'blocked', reason: error.reason }
  if (error instanceof MediaRefused) return { outcome: 'failed', retry: true, reason: error.reason }
  if (error instanceof Unanswered) return { outcome: 'failed', retry: error.retry, reason: error.reason }
  if (error instanceof DomainError) return { outcome: 'failed', retry: true, reason: error.code }
  if (signal.aborted) return { outcome: 'failed', retry: true, reason: 'timeout' }
  const { code, name } = (error ?? {}) as NodeJS.ErrnoException
  return { outcome: 'failed', retry: true, reason: code ?? name ?? 'unknown' }
}

/** Null: it names none, or not as the standard says. */
function nameIn(disposition: string | undefined): string | null {
  if (disposition === undefined) return null
  try {
    return parse(disposition).parameters.filename ?? null
  } catch {
    return null
  }
}
