// The parameters of a create request that the simulator knows without acting on most of them: they are checked as Twilio
// checks them, kept with the message and shown. What Twilio does not know either it ignores, and notes as a warning (20001).
import { type Refusal, refusal } from './refusals.ts'

/** The code of Twilio's refusal; null: it takes this value. */
type Check = (value: string, now: number) => number | null

const oneOf =
  (code: number, ...values: string[]): Check =>
  (value) =>
    values.includes(value) ? null : code

const mostValiditySeconds = 36_000
const soonestMs = 300_000
const latestMs = 35 * 24 * 3_600_000
const utcTime = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:?\d{2})$/

const any: Check = () => null

/** Acted on elsewhere, and shown by what they did. */
const acted = 'To From MessagingServiceSid Body MediaUrl StatusCallback ContentSid ContentVariables'.split(' ')

const kept: Readonly<Record<string, Check>> = {
  ValidityPeriod: (value) => (/^\d{1,9}$/.test(value) && Number(value) >= 1 && Number(value) <= mostValiditySeconds ? null : 21624),
  ContentRetention: oneOf(30029, 'retain', 'discard'),
  AddressRetention: oneOf(30030, 'retain', 'obfuscate'),
  ScheduleType: oneOf(35126, 'fixed'),
  SendAt(value, now) {
    const ms = utcTime.test(value) ? Date.parse(value) - now : Number.NaN
    return ms >= soonestMs && ms <= latestMs ? null : 35115
  },
  ApplicationSid: any,
  Attempt: any,
  FallbackFrom: any,
  ForceDelivery: any,
  MaxPrice: any,
  MessageIntent: any,
  PersistentAction: any,
  ProvideFeedback: any,
  RiskCheck: any,
  SendAsMms: any,
  ShortenUrls: any,
  SmartEncoded: any,
  TrafficType: any,
}

export interface SendParameters {
  /** By name, those of several values one a line. */
  parameters: Record<string, string>
  /** Names that Twilio ignores. */
  ignored: string[]
  validitySeconds: number
  /** Twilio does not keep the text. */
  discards: boolean
  sendAt: number | null
}

export function readParameters(form: URLSearchParams, now: number): SendParameters | { refused: Refusal } {
  const parameters: Record<string, string> = {}
  const ignored: string[] = []
  for (const name of new Set(form.keys())) {
    if (acted.includes(name)) continue
    const check = Object.hasOwn(kept, name) ? kept[name] : undefined
    if (check === undefined) {
      ignored.push(name)
      continue
    }
    const values = form.getAll(name).filter((value) => value !== '')
    if (values.length === 0) continue
    for (const value of values) {
      const code = check(value, now)
      if (code !== null) return { refused: refusal(code, value) }
    }
    parameters[name] = values.join('\n')
  }
  const { ScheduleType, SendAt, ValidityPeriod, ContentRetention } = parameters
  if (ScheduleType !== undefined) {
    if (!form.get('MessagingServiceSid')) return { refused: refusal(35118) }
    if (SendAt === undefined) return { refused: refusal(35111) }
  }
  return {
    parameters,
    ignored,
    validitySeconds: Number(ValidityPeriod ?? mostValiditySeconds),
    discards: ContentRetention === 'discard',
    // Without `ScheduleType` nothing is planned.
    sendAt: ScheduleType === undefined || SendAt === undefined ? null : Date.parse(SendAt),
  }
}
