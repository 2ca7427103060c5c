// A server's log as a test keeps it. When the server is closed, it is asked for what may be in none: a client's number, what
// was written, a token or a secret.
import type { Logger } from 'pino'
import { createLog } from '../../server/log.ts'

export interface CapturedLog {
  log: Logger
  text(): string
  /** Must not be logged: what a test sends and what its simulator has seen. */
  hide: Hidden['add']
  /** @throws Error naming the line with something in it that nobody should read there. */
  check(): void
}

export interface Hidden {
  /** Texts, numbers and secrets, wherever they are in these values; fields of other names are not asked for. */
  add(values: unknown): void
  check(log: string): void
}

/** Fields of requests, webhooks and the simulator's messages that hold what people wrote, or a client's number. */
const NAMES = /^(text|note|message|body|caption|phone|to|from|address)$/i
/** Shorter ones are also words of ours. */
const FEWEST_CHARS = 9
const TOKEN = /\beyJ[\w-]{5,}\.[\w-]{5,}/
const PHONE = /\+[\s(]?\d[\d\s().-]{6,}\d/g
const digitsOf = (text: string) => text.replace(/\D/g, '')

/** @param own numbers that are ours, and no client's. */
export function createHidden(own: readonly string[], secrets: readonly string[]): Hidden {
  const ours = new Set(own.map(digitsOf))
  const numbers = new Set<string>()
  const texts = new Set(secrets)

  function keep(value: string): void {
    // As it stands in a line of JSON.
    if (/^(whatsapp:)?\+?[\d\s().-]{8,}$/.test(value)) numbers.add(digitsOf(value))
    else if (value.length >= FEWEST_CHARS) texts.add(JSON.stringify(value).slice(1, -1))
  }
  function add(values: unknown): void {
    if (typeof values !== 'object' || values === null) return
    for (const [name, value] of Object.entries(values))
      if (typeof value === 'object') add(value)
      else if (typeof value === 'string' && NAMES.test(name)) keep(value)
  }
  return {
    add,
    check(log) {
      // Requests differ in when they came and how long they took: each kind is looked at once.
      for (const line of new Set(log.replace(/"(time|ms)":[\d.]+,?/g, '').split('\n'))) {
        const found =
          TOKEN.exec(line)?.[0] ??
          line.match(PHONE)?.find((number) => !ours.has(digitsOf(number))) ??
          [...numbers].find((number) => !ours.has(number) && line.includes(number)) ??
          [...texts].find((text) => line.includes(text))
        if (found !== undefined) throw new Error(`The log holds ${JSON.stringify(found)}, which nobody may read there: ${line}`)
      }
    },
  }
}

export function captureLog(own: readonly string[] = [], secrets: readonly string[] = []): CapturedLog {
  const lines: string[] = []
  const hidden = createHidden(own, secrets)
  const text = () => lines.join('')
  return {
    log: createLog({ logLevel: 'debug' }, { write: (line) => void lines.push(line) }),
    text,
    hide: hidden.add,
    check: () => hidden.check(text()),
  }
}
