// A whole server on a free port for HTTP tests: real SQLite in a folder of its own, the real SDK against the simulator.
import { generateKeyPairSync, randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import jsonwebtoken, { type SignOptions } from 'jsonwebtoken'
import twilio from 'twilio'
import { readConfig } from '../../server/config.ts'
import type { GivenParts, RunningServer } from '../../server/server.ts'
import { createServer } from '../../server/server.ts'
import { createSimulator, type Simulator } from '../../server/simulator/simulator.ts'
import { OUR_SMS, OUR_WHATSAPP } from '../support/builders.ts'
import { captureLog } from '../support/captured-log.ts'

export const SECRET = 'a secret of the host that is long enough'
export const ORIGIN = 'https://app.example.com'
export const PUBLIC_URL = 'https://chat.example.com'
export const accountSid = `AC${'0'.repeat(31)}1`
export const authToken = 'f'.repeat(32)

export type Claims = Record<string, unknown>

export function claimsOf(over: Claims = {}): Claims {
  const iat = Math.floor(Date.now() / 1000)
  return { sub: 'agent-7', name: 'Ana Díaz', org: 'default', role: 'agent', iat, exp: iat + 3600, ...over }
}

/** A token as the host signs it; a claim that is undefined is left out. */
export function tokenOf(over: Claims = {}, key: jsonwebtoken.Secret = SECRET, options: SignOptions = {}): string {
  const claims = Object.fromEntries(Object.entries(claimsOf(over)).filter(([, value]) => value !== undefined))
  return jsonwebtoken.sign(claims, key, { algorithm: 'HS256', noTimestamp: claims.iat === undefined, ...options })
}

interface Answered<Body = Record<string, unknown>> {
  status: number
  headers: Headers
  body: Body
  text: string
}

export interface Served {
  server: RunningServer
  url: string
  simulator: Simulator
  /** Everything that was logged, as JSON lines. */
  logged(): string
  /** `token: null` sends none. */
  call<Body = Record<string, unknown>>(
    method: string,
    path: string,
    options?: { token?: string | null; body?: unknown; raw?: string | Uint8Array; headers?: Record<string, string> },
  ): Promise<Answered<Body>>
  /** A webhook as Twilio signs and posts it. */
  webhook(path: string, fields: Record<string, string>, signature?: string): Promise<Answered<string>>
  /** A client writes. */
  receive(from: string, text: string, over?: Record<string, string>): Promise<void>
  close(): Promise<void>
}

export async function serve(env: Record<string, string | undefined> = {}, given: GivenParts = {}): Promise<Served> {
  const folder = await mkdtemp(join(tmpdir(), 'hilo-http-'))
  const simulator = createSimulator({
    accountSid,
    authToken,
    senders: { whatsapp: OUR_WHATSAPP, sms: OUR_SMS },
    timing: { sentAfterMs: 1, deliveredAfterMs: 2 },
  })
  const { url: apiUrl } = await simulator.listen()
  const captured = captureLog([OUR_WHATSAPP, OUR_SMS], [authToken, SECRET])
  const config = readConfig({
    PORT: '0',
    HOST: '127.0.0.1',
    PUBLIC_URL,
    JWT_SECRET: SECRET,
    ALLOWED_ORIGINS: ORIGIN,
    DATABASE_URL: `sqlite:${join(folder, 'hilo.db')}`,
    TWILIO_ACCOUNT_SID: accountSid,
    TWILIO_AUTH_TOKEN: authToken,
    TWILIO_WHATSAPP_NUMBER: OUR_WHATSAPP,
    TWILIO_PHONE_NUMBER: OUR_SMS,
    TWILIO_SMS_RATE: '100',
    TWILIO_API_URL: apiUrl,
    RATE_LIMIT: '0',
    ...env,
  })
  const server = await createServer(config, { log: captured.log, ...given })
  simulator.connect(PUBLIC_URL, server.url)

  const call: Served['call'] = async (method, path, options = {}) => {
    captured.hide(options.body)
    const token = options.token === undefined ? tokenOf() : options.token
    const body = options.raw ?? (options.body === undefined ? undefined : JSON.stringify(options.body))
    const response = await fetch(server.url + path, {
      method,
      headers: {
        ...(token === null ? {} : { authorization: `Bearer ${token}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...options.headers,
      },
      ...(body === undefined ? {} : { body: body as NonNullable<RequestInit['body']> }),
    })
    const text = await response.text()
    const json = /json/.test(response.headers.get('content-type') ?? '') && text !== ''
    return { status: response.status, headers: response.headers, body: json ? JSON.parse(text) : text, text } as Answered<never>
  }
  const webhook: Served['webhook'] = async (path, fields, signature) => {
    captured.hide(fields)
    const response = await fetch(server.url + path, {
      method: 'POST',
      headers: {
        'content-type': 'application/x-www-form-urlencoded',
        'x-twilio-signature': signature ?? twilio.getExpectedTwilioSignature(authToken, PUBLIC_URL + path, fields),
      },
      body: new URLSearchParams(fields).toString(),
    })
    const text = await response.text()
    return { status: response.status, headers: response.headers, body: text, text }
  }
  return {
    server,
    url: server.url,
    simulator,
    logged: captured.text,
    call,
    webhook,
    async receive(from, text, over = {}) {
      const MessageSid = `SM${randomBytes(16).toString('hex')}`
      const answer = await webhook('/webhooks/twilio/message', {
        MessageSid,
        SmsSid: MessageSid,
        SmsMessageSid: MessageSid,
        AccountSid: accountSid,
        From: `whatsapp:${from}`,
        To: `whatsapp:${OUR_WHATSAPP}`,
        Body: text,
        NumMedia: '0',
        SmsStatus: 'received',
        ApiVersion: '2010-04-01',
        ...over,
      })
      if (answer.status !== 200) throw new Error(`the webhook was answered ${answer.status}: ${answer.text}`)
    },
    async close() {
      captured.hide(simulator.ledger())
      await server.close()
      await simulator.close()
      await rm(folder, { recursive: true, force: true })
      captured.check()
    },
  }
}

export function rsaPair(): { publicPem: string; privatePem: string } {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  return {
    publicPem: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
    privatePem: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  }
}
