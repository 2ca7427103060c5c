// Everything that can go wrong on purpose: for all phones, or for one number. Chances are from 0 (never) to 1 (always).
import { normalisedAddress } from '../../shared/phone.ts'

interface Switches {
  /** The phone marks what arrives as read after this time; null: only when its chat is looked at. */
  readAfterMs: number | null
  /** Accepted and sent, delivered when it is on again. */
  phoneOff: boolean
  /** WhatsApp messages fail with 63003. */
  notOnWhatsApp: boolean
  /** The client blocked us: WhatsApp messages fail with 63024, SMS with 30004. */
  blocked: boolean
  /** Every message fails by callback with this code. */
  failWith: number | null
  /** Every send is refused at once with this code. */
  refuseWith: number | null
  /** 429: every other send, or those above so many a second of one sender. */
  rateLimit: false | 'alternate' | number
  /** 429 comes without a time to wait. */
  noRetryAfter: boolean
  /** 500, nothing accepted. */
  error500: number
  /** Lists and single messages answer 500. */
  readError500: number
  /** Lists and single messages are never answered. */
  readHang: number
  /** The connection ends before anything is accepted. */
  reset: number
  /** No answer ever, nothing accepted. */
  hang: number
  /** Accepted, and the connection ends without an answer. */
  answerLost: number
  /** Accepted, and no answer ever. */
  timeoutAfterAccepting: number
  /** Accepted, and 500 is answered. */
  acceptThen500: number
  duplicateCallbacks: number
  /** Up to `maxDelayMs` late and so out of order. */
  delayedCallbacks: number
  lostCallbacks: number
  duplicateWebhooks: number
  delayedWebhooks: number
  lostWebhooks: number
  /** Lists show a message only after this time, at most 10 s. */
  listDelayMs: number
  /** Lists show outbound messages without their sender, as Twilio does while a service has not chosen one. */
  listWithoutFrom: boolean
  /** What is asked of WhatsApp stays pending until it is off again. */
  templatesWait: boolean
  /** WhatsApp rejects what it is asked for. */
  templatesRejected: boolean
  /** Those that are approved are paused until it is off again. */
  templatesPaused: boolean
  /** WhatsApp takes those approved for service as marketing. */
  templatesMarketing: boolean
  /** Their quality is low. */
  templatesDisliked: boolean
  /** Nothing tells what became of a template. */
  lostTemplateEvents: number
  /** The bytes that a client sent come in two pieces, the second up to `mostSlowMs` later. */
  slowMedia: number
  /** Asked for the bytes that a client sent, it answers 500. */
  failingMedia: number
}

const noFaults: Readonly<Switches> = {
  readAfterMs: null,
  phoneOff: false,
  notOnWhatsApp: false,
  blocked: false,
  failWith: null,
  refuseWith: null,
  rateLimit: false,
  noRetryAfter: false,
  error500: 0,
  readError500: 0,
  readHang: 0,
  reset: 0,
  hang: 0,
  answerLost: 0,
  timeoutAfterAccepting: 0,
  acceptThen500: 0,
  duplicateCallbacks: 0,
  delayedCallbacks: 0,
  lostCallbacks: 0,
  duplicateWebhooks: 0,
  delayedWebhooks: 0,
  lostWebhooks: 0,
  listDelayMs: 0,
  listWithoutFrom: false,
  templatesWait: false,
  templatesRejected: false,
  templatesPaused: false,
  templatesMarketing: false,
  templatesDisliked: false,
  lostTemplateEvents: 0,
  slowMedia: 0,
  failingMedia: 0,
}

export const maxDelayMs = 10_000
export const mostSlowMs = 4_000

const chances = [
  'error500',
  'readError500',
  'readHang',
  'reset',
  'hang',
  'answerLost',
  'timeoutAfterAccepting',
  'acceptThen500',
  'duplicateCallbacks',
  'delayedCallbacks',
  'lostCallbacks',
  'duplicateWebhooks',
  'delayedWebhooks',
  'lostWebhooks',
  'lostTemplateEvents',
  'slowMedia',
  'failingMedia',
] as const
type Chance = (typeof chances)[number]

/** A change: chances also as true and false, `rateLimit: true` as every other send. */
export type SwitchChange = Partial<Record<keyof Switches, boolean | number | string | null>>

/** A switch that does not exist, or a value that it cannot have. */
export class BadSwitch extends Error {}

type Reader = (value: unknown) => unknown
const chance: Reader = (value) =>
  typeof value === 'boolean' ? Number(value) : typeof value === 'number' && value >= 0 && value <= 1 ? value : undefined
const flag: Reader = (value) => (typeof value === 'boolean' ? value : undefined)
const whole: Reader = (value) =>
  value === null || (typeof value === 'number' && Number.isInteger(value) && value >= 0) ? value : undefined

/** The values that each switch takes; `undefined`: nothing that it can be. */
const readers: Readonly<Record<keyof Switches, Reader>> = {
  ...(Object.fromEntries(chances.map((name) => [name, chance])) as Record<Chance, Reader>),
  phoneOff: flag,
  notOnWhatsApp: flag,
  blocked: flag,
  noRetryAfter: flag,
  listWithoutFrom: flag,
  templatesWait: flag,
  templatesRejected: flag,
  templatesPaused: flag,
  templatesMarketing: flag,
  templatesDisliked: flag,
  readAfterMs: whole,
  failWith: whole,
  refuseWith: whole,
  rateLimit(value) {
    if (value === true || value === 'alternate') return 'alternate'
    if (value === false || value === null) return false
    return typeof value === 'number' && value > 0 ? value : undefined
  },
  listDelayMs: (value) => (typeof value === 'number' && value >= 0 && value <= maxDelayMs ? value : undefined),
}

/** Nothing is left out in silence: a test with a switch that does not hold would pass without asking anything. */
function readChange(change: Readonly<Record<string, unknown>>): Partial<Switches> {
  return Object.fromEntries(
    Object.entries(change).map(([name, value]) => {
      if (!Object.hasOwn(readers, name)) throw new BadSwitch(`The simulator has no switch ${name}.`)
      const read = readers[name as keyof Switches](value)
      if (read === undefined) throw new BadSwitch(`The switch ${name} cannot be ${JSON.stringify(value)}.`)
      return [name, read]
    }),
  )
}

export interface Faults {
  /** The faults of this number, or of all when none is given. */
  get(address?: string): Readonly<Switches>
  /** The faults set for this number alone. */
  own(address: string): Readonly<Partial<Switches>>
  /** @throws BadSwitch, and nothing is changed then. */
  set(change: SwitchChange, address?: string): void
  /** The next `count` times it happens for certain, whatever the chance. */
  next(name: Chance, count?: number): void
  /** Rolls the dice; uses up what `next` announced. */
  happens(name: Chance, address?: string): boolean
  clear(): void
}

export function createFaults(random: () => number, changed: (address: string | null) => void): Faults {
  let all: Switches = { ...noFaults }
  const ofNumber = new Map<string, Partial<Switches>>()
  const announced = new Map<Chance, number>()
  const get = (address?: string): Readonly<Switches> => {
    const own = address === undefined ? undefined : ofNumber.get(normalisedAddress(address))
    return own === undefined ? all : { ...all, ...own }
  }
  return {
    get,
    own: (address) => ofNumber.get(normalisedAddress(address)) ?? {},
    set(change, address) {
      if (address === undefined) all = { ...all, ...readChange(change) }
      else {
        const key = normalisedAddress(address)
        ofNumber.set(key, { ...ofNumber.get(key), ...readChange(change) })
      }
      changed(address ?? null)
    },
    next(name, count = 1) {
      if (!chances.includes(name)) throw new BadSwitch(`The simulator has no switch ${name} that can be announced.`)
      announced.set(name, (announced.get(name) ?? 0) + count)
    },
    happens(name, address) {
      const left = announced.get(name) ?? 0
      if (left > 0) {
        announced.set(name, left - 1)
        return true
      }
      const chance = get(address)[name]
      return chance > 0 && (chance >= 1 || random() < chance)
    },
    clear() {
      all = { ...noFaults }
      ofNumber.clear()
      announced.clear()
      changed(null)
    },
  }
}
