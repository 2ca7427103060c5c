// Settings: the only reader of process.env. Every wrong one is named at once, with what is wrong and an example.
import { createPublicKey, generateKeyPairSync, randomBytes } from 'node:crypto'
import { isSupportedCountry } from 'libphonenumber-js'
import { z } from 'zod'
import { isTimezone } from '../shared/is-timezone.ts'
import { faultOfRedisUrl } from './redis-url.ts'

export interface TwilioSettings {
  accountSid: string
  /** Accepted on webhooks, the current one first; the first also sends when there is no API key. */
  authTokens: string[]
  apiKey: { sid: string; secret: string } | null
  whatsappNumber: string | null
  phoneNumber: string | null
  messagingServiceSid: string | null
  /** Another base address for all of Twilio's REST APIs and media. */
  apiUrl: string | null
}

export type JwtKey = { kind: 'secret'; secrets: string[] } | { kind: 'publicKey'; pem: string } | { kind: 'jwks'; url: string }

/** Other systems whose calls can be answered: a property CRM, a travel communication centre, a loan system. */
export const compatSystems = ['b', 'c', 'd'] as const

export interface Config {
  port: number
  host: string
  /** Origin that Twilio and browsers use; no trailing slash. */
  publicUrl: string
  demo: boolean
  databaseUrl: string
  redisUrl: string | null
  mediaDir: string
  trustProxy: number
  /** How long an idle connection is kept. */
  keepAliveSeconds: number
  /** Null in demo mode without one. The demo's agents are signed in by a random secret that is kept beside the database. */
  jwt: JwtKey | null
  jwtAudience: string | null
  jwtIssuer: string | null
  allowedOrigins: string[]
  /** Null: Hilo runs, and answers sends with `no_sender`. */
  twilio: TwilioSettings | null
  /** Whether messages and statuses are read from Twilio's list; null: where no webhook reaches us. */
  twilioPoll: boolean | null
  /** Clients see on WhatsApp that somebody writes; their last message is marked read with it. */
  twilioTyping: boolean
  whatsappRate: number
  smsRate: number
  defaultCountry: string
  timezone: string
  locale: 'es' | 'en' | 'pt'
  /** Seals the secrets of organizations; null: they are kept as they are. */
  encryptionKey: Buffer | null
  /** Still opens what it sealed, until that is sealed anew at the start. */
  encryptionKeyPrevious: Buffer | null
  sendLimitPerContactHour: number
  automatedLimitPerContactHour: number
  rateLimit: number
  /** Whose calls are answered as they make them, by the letters of those systems. */
  compat: (typeof compatSystems)[number][]
  retentionDays: number
  logLevel: string
  /** Settings that were put right, to be said at the start. */
  notices: string[]
}

/** Everything wrong with the settings, a line each. */
export class ConfigError extends Error {
  readonly problems: string[]
  constructor(problems: string[]) {
    super(problems.join('\n'))
    this.name = 'ConfigError'
    this.problems = problems
  }
}

type Env = Readonly<Record<string, string | undefined>>

const phone = /^(whatsapp:)?\+[1-9]\d{6,14}$/
const httpUrl = (text: string) => {
  const url = URL.canParse(text) ? new URL(text) : null
  return url !== null && /^https?:$/.test(url.protocol) ? url : null
}
const origin = (text: string) => httpUrl(text)?.origin ?? null
/** Null where more than an origin was written. */
const bareOrigin = (text: string) => {
  const url = httpUrl(text)
  return url !== null && url.href === `${url.origin}/` && !url.hostname.includes('*') ? url.origin : null
}

/** `docker run --env-file` hands quotes on as part of the value; a shell and `.env` take them off. */
function withoutQuotes(value: string): string {
  return /^(["'])(.*)\1$/s.exec(value)?.[2]?.trim() ?? value
}

/** Reads the form with two slashes that other programs use; three make a path from the machine's root there. */
function sqliteFile(databaseUrl: string): string {
  const [, slashes = '', rest = ''] = /^sqlite:(\/*)(.*)$/s.exec(databaseUrl) ?? []
  return rest === '' ? 'sqlite:data/hilo.db' : `sqlite:${slashes.length > 2 ? '/' : ''}${rest}`
}

/** Null: it can be a database's address. */
export function faultOfDatabaseUrl(databaseUrl: string): string | null {
  if (!/^(sqlite:.+|mongodb(\+srv)?:\/\/.+)$/.test(databaseUrl)) return 'must begin with sqlite:, mongodb:// or mongodb+srv://'
  if (!databaseUrl.startsWith('sqlite://')) return null
  return 'takes a path right after sqlite:, and two slashes begin one at the root of this machine'
}

const lettersIn = (text: string): string[] =>
  text
    .split(',')
    .map((letter) => letter.trim())
    .filter((letter) => letter !== '')

/** Examples that work as they stand. */
const exampleSecret = () => randomBytes(36).toString('base64url')
function examplePublicKey(): string {
  const pem = generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ type: 'spki', format: 'pem' }).toString()
  return `"${pem.trim().replaceAll('\n', '\\n')}"`
}

/** Names the fault of a key that is to verify tokens; null: nothing. */
function faultOfPublicKey(pem: string): string | null {
  if (pem.includes('PRIVATE KEY')) return 'is a private key: that stays with the host that signs; give its public half'
  try {
    const { asymmetricKeyType: type, asymmetricKeyDetails: details } = createPublicKey(pem)
    const isRsa = type === 'rsa' && (details?.modulusLength ?? 0) >= 2048
    if (isRsa || (type === 'ec' && details?.namedCurve === 'prime256v1')) return null
    return 'must be an RSA key of 2048 bits or more (RS256), or an EC key on P-256 (ES256)'
  } catch {
    return 'must be a PEM public key'
  }
}

/**
 * Reads and checks all settings of contract.md.
 *
 * @throws ConfigError with one line per wrong or missing setting.
 */
export function readConfig(env: Env): Config {
  const problems: string[] = []
  const wrong = (name: string, fault: string, example: string) => {
    problems.push(`${name} ${fault}. Example: ${name}=${example}`)
    return undefined
  }
  const quoted = new Set<string>()
  const text = (name: string) => {
    // A file that Windows saved begins with a byte order mark, which then is part of its first name.
    const given = (env[name] ?? env[`\ufeff${name}`])?.trim() ?? ''
    const value = withoutQuotes(given)
    if (value !== given) quoted.add(name)
    return value || undefined
  }
  const whole = (name: string, fallback: number, min: number, max: number) => {
    const value = text(name)
    if (value === undefined) return fallback
    const number = /^\d+$/.test(value) ? Number(value) : Number.NaN
    if (number >= min && number <= max) return number
    return wrong(name, `must be a whole number from ${min} to ${max}, not "${value}"`, String(fallback)) ?? fallback
  }
  const positive = (name: string, fallback: number) => {
    const value = text(name)
    if (value === undefined) return fallback
    const number = Number(value)
    if (Number.isFinite(number) && number > 0) return number
    return wrong(name, `must be a number above 0, not "${value}"`, String(fallback)) ?? fallback
  }
  const matching = (name: string, pattern: RegExp, what: string, example: string) => {
    const value = text(name)
    if (value === undefined || pattern.test(value)) return value
    return wrong(name, `must be ${what}`, example)
  }

  const real = Object.keys(env).filter(
    (name) =>
      (/^\ufeff?(TWILIO|JWT)_/.test(name) || ['PUBLIC_URL', 'ALLOWED_ORIGINS', 'DATABASE_URL'].includes(name)) && text(name) !== undefined,
  )
  const demoAsked = matching('DEMO', /^[01]$/, '1 or 0', '1')
  const demo = demoAsked === '1' || (demoAsked === undefined && real.length === 0 && text('NODE_ENV') !== 'production')
  if (demo && text('NODE_ENV') === 'production') wrong('DEMO', 'is refused with NODE_ENV=production: demo agents need no password', '0')

  const port = whole('PORT', 8080, 0, 65_535)
  const host = text('HOST') ?? (demo ? '127.0.0.1' : '0.0.0.0')

  const webhookUrl = text('TWILIO_WEBHOOK_URL')
  const publicText = text('PUBLIC_URL') ?? webhookUrl
  let publicUrl = `http://localhost:${port}`
  if (publicText !== undefined) {
    const found = origin(publicText)
    if (found === null)
      wrong(
        text('PUBLIC_URL') ? 'PUBLIC_URL' : 'TWILIO_WEBHOOK_URL',
        `must be an http(s) address, not "${publicText}"`,
        'https://chat.example.com',
      )
    else if (text('PUBLIC_URL') && bareOrigin(publicText) === null)
      wrong('PUBLIC_URL', 'must be an origin alone, without a path: Hilo answers at the root of its host name', found)
    else publicUrl = found
  } else if (!demo) wrong('PUBLIC_URL', 'is missing: the address that Twilio and browsers use', 'https://chat.example.com')

  const databaseUrl = text('DATABASE_URL') ?? 'sqlite:data/hilo.db'
  const databaseFault = faultOfDatabaseUrl(databaseUrl)
  if (databaseFault !== null)
    wrong('DATABASE_URL', databaseFault, databaseUrl.startsWith('sqlite:') ? sqliteFile(databaseUrl) : 'sqlite:data/hilo.db')

  const secret = text('JWT_SECRET')
  const previous = text('JWT_SECRET_PREVIOUS')
  const pem = text('JWT_PUBLIC_KEY')?.replaceAll('\\n', '\n')
  const jwks = text('JWT_JWKS_URL')
  let jwt: JwtKey | null = null
  const keys = Object.entries({ JWT_SECRET: secret, JWT_PUBLIC_KEY: pem, JWT_JWKS_URL: jwks }).flatMap(([name, value]) =>
    value ? name : [],
  )
  if (keys.length > 1) for (const name of keys.slice(1)) wrong(name, `is set together with ${keys[0]}; give exactly one of them`, '')
  else if (secret !== undefined) {
    for (const [name, value] of [
      ['JWT_SECRET', secret],
      ['JWT_SECRET_PREVIOUS', previous],
    ] as const)
      if (value !== undefined && Buffer.byteLength(value) < 32) wrong(name, 'must have 32 bytes or more', exampleSecret())
    jwt = { kind: 'secret', secrets: previous === undefined ? [secret] : [secret, previous] }
  } else if (pem !== undefined) {
    const fault = faultOfPublicKey(pem)
    if (fault !== null) wrong('JWT_PUBLIC_KEY', fault, examplePublicKey())
    jwt = { kind: 'publicKey', pem }
  } else if (jwks !== undefined) {
    if (origin(jwks) === null) wrong('JWT_JWKS_URL', 'must be an http(s) address', 'https://login.example.com/.well-known/jwks.json')
    jwt = { kind: 'jwks', url: jwks }
  } else if (!demo) wrong('JWT_SECRET', 'is missing (or JWT_PUBLIC_KEY, or JWT_JWKS_URL): it verifies the agents’ tokens', exampleSecret())

  const allowedText = text('ALLOWED_ORIGINS')
  const allowedOrigins: string[] = []
  for (const one of allowedText?.split(',') ?? []) {
    const trimmed = one.trim()
    if (trimmed === '') continue
    const found = bareOrigin(trimmed)
    if (found === null && trimmed.includes('*'))
      wrong(
        'ALLOWED_ORIGINS',
        `holds "${trimmed}": a * stands for nothing here, name each origin`,
        'https://app.example.com,https://admin.example.com',
      )
    else if (found === null)
      wrong('ALLOWED_ORIGINS', `holds "${trimmed}", which is no origin`, 'https://app.example.com,https://admin.example.com')
    else allowedOrigins.push(found)
  }
  if ((allowedText === undefined || /^[\s,]*$/.test(allowedText)) && !demo)
    wrong('ALLOWED_ORIGINS', 'is missing: the host origins that may embed the widget', 'https://app.example.com')

  const accountSid = matching(
    'TWILIO_ACCOUNT_SID',
    /^AC[0-9a-f]{32}$/i,
    'AC and 32 hexadecimal characters',
    'AC00000000000000000000000000000001',
  )
  const authToken = text('TWILIO_AUTH_TOKEN')
  const previousToken = text('TWILIO_AUTH_TOKEN_PREVIOUS')
  const apiKey = text('TWILIO_API_KEY')
  const apiSecret = text('TWILIO_API_SECRET')
  if ((accountSid === undefined) !== (authToken === undefined) && (text('TWILIO_ACCOUNT_SID') !== undefined) === (accountSid !== undefined))
    wrong(
      accountSid === undefined ? 'TWILIO_ACCOUNT_SID' : 'TWILIO_AUTH_TOKEN',
      'is missing beside the other one',
      accountSid === undefined ? 'AC00000000000000000000000000000001' : '<auth token of the account>',
    )
  if ((apiKey === undefined) !== (apiSecret === undefined))
    wrong(
      apiKey === undefined ? 'TWILIO_API_KEY' : 'TWILIO_API_SECRET',
      'is missing beside the other one',
      apiKey === undefined ? 'SK00000000000000000000000000000001' : '<secret of the API key>',
    )
  const whatsappName = text('TWILIO_WHATSAPP_NUMBER') === undefined ? 'TWILIO_WHATSAPP_FROM' : 'TWILIO_WHATSAPP_NUMBER'
  const whatsappNumber = matching(whatsappName, phone, 'a number with + and country code', '+14155238886')?.replace(/^whatsapp:/, '')
  const phoneNumber = matching('TWILIO_PHONE_NUMBER', /^\+[1-9]\d{6,14}$/, 'a number with + and country code', '+15558675310')
  const messagingServiceSid = matching(
    'TWILIO_MESSAGING_SERVICE_SID',
    /^MG[0-9a-f]{32}$/i,
    'MG and 32 hexadecimal characters',
    'MG00000000000000000000000000000001',
  )
  const apiUrlText = text('TWILIO_API_URL')
  const apiBase = apiUrlText === undefined ? null : httpUrl(apiUrlText)
  const apiUrl = apiBase && apiBase.origin + apiBase.pathname.replace(/\/+$/, '')
  if (apiUrlText !== undefined && apiUrl === null) wrong('TWILIO_API_URL', 'must be an http(s) address', 'http://127.0.0.1:4010')
  const twilio: TwilioSettings | null =
    accountSid !== undefined && authToken !== undefined
      ? {
          accountSid,
          authTokens: previousToken === undefined ? [authToken] : [authToken, previousToken],
          apiKey: apiKey !== undefined && apiSecret !== undefined ? { sid: apiKey, secret: apiSecret } : null,
          whatsappNumber: whatsappNumber ?? null,
          phoneNumber: phoneNumber ?? null,
          messagingServiceSid: messagingServiceSid ?? null,
          apiUrl,
        }
      : null

  const poll = matching('TWILIO_POLL', /^[01]$/, '1 or 0', '1')
  const typing = matching('TWILIO_TYPING', /^[01]$/, '1 or 0', '1')
  const redisUrl = text('REDIS_URL')
  const redisFault = redisUrl === undefined ? null : faultOfRedisUrl(redisUrl)
  if (redisFault !== null) wrong('REDIS_URL', redisFault.fault, redisFault.example)
  const timezone = text('TIMEZONE') ?? 'America/Argentina/Buenos_Aires'
  if (!isTimezone(timezone)) wrong('TIMEZONE', `is no IANA time zone: "${timezone}"`, 'America/Argentina/Buenos_Aires')
  const locale = z.enum(['es', 'en', 'pt']).safeParse(text('LOCALE') ?? 'es')
  if (!locale.success) wrong('LOCALE', 'must be es, en or pt', 'es')
  const keyOf = (name: string) => {
    const given = text(name)
    const encryptionKey = given === undefined ? null : Buffer.from(given, 'base64')
    if (encryptionKey !== null && encryptionKey.length !== 32) wrong(name, 'must be 32 bytes in base64', randomBytes(32).toString('base64'))
    return encryptionKey
  }
  const logLevel = matching('LOG_LEVEL', /^(fatal|error|warn|info|debug|trace|silent)$/, 'a pino level', 'info') ?? 'info'

  const compatText = text('COMPAT')?.toLowerCase() ?? ''
  const compat = compatSystems.filter((system) => lettersIn(compatText).includes(system))
  const unknown = lettersIn(compatText).filter((letter) => !compatSystems.some((system) => system === letter))
  if (unknown.length > 0) wrong('COMPAT', `holds "${unknown[0]}", which is none of b, c, d`, 'b,d')

  const countryText = text('DEFAULT_COUNTRY') ?? 'AR'
  if (!isSupportedCountry(countryText)) wrong('DEFAULT_COUNTRY', 'must be an ISO country of two capital letters', 'AR')

  const config: Config = {
    port,
    host,
    publicUrl,
    demo,
    databaseUrl,
    redisUrl: redisUrl ?? null,
    mediaDir: text('MEDIA_DIR') ?? 'data/media',
    trustProxy: whole('TRUST_PROXY', 0, 0, 10),
    keepAliveSeconds: whole('KEEP_ALIVE_SECONDS', 75, 1, 3600),
    jwt,
    jwtAudience: text('JWT_AUDIENCE') ?? null,
    jwtIssuer: text('JWT_ISSUER') ?? null,
    allowedOrigins,
    twilio,
    twilioPoll: poll === undefined ? null : poll === '1',
    twilioTyping: typing === '1',
    whatsappRate: positive('TWILIO_WHATSAPP_RATE', 80),
    smsRate: positive('TWILIO_SMS_RATE', 1),
    defaultCountry: countryText,
    timezone,
    locale: locale.success ? locale.data : 'es',
    encryptionKey: keyOf('ENCRYPTION_KEY'),
    encryptionKeyPrevious: keyOf('ENCRYPTION_KEY_PREVIOUS'),
    sendLimitPerContactHour: whole('SEND_LIMIT_PER_CONTACT_HOUR', 60, 1, 1_000_000_000),
    automatedLimitPerContactHour: whole('AUTOMATED_LIMIT_PER_CONTACT_HOUR', 10, 1, 1_000_000_000),
    rateLimit: whole('RATE_LIMIT', 20, 0, 1_000_000),
    compat,
    retentionDays: whole('RETENTION_DAYS', 0, 0, 36_500),
    logLevel,
    notices: [],
  }
  if (problems.length > 0) throw new ConfigError(problems)
  if (config.redisUrl !== null && config.databaseUrl.startsWith('sqlite:'))
    config.notices.push('REDIS_URL has no effect with SQLite, which one process has to itself')
  if (quoted.size > 0) config.notices.push(`Quotes around ${[...quoted].join(', ')} were taken off: they are no part of a value`)
  return config
}
