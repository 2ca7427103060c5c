// Twilio's REST API as far as Hilo uses it: messages and their media, one account, content, typing indicator. Spoken to by
// the official SDK.
import type { IncomingMessage, ServerResponse } from 'node:http'
import { randomBytes } from 'node:crypto'
import { addContentRoutes } from './content-api.ts'
import type { createSendDesk } from './create-message.ts'
import type { Delivery } from './deliver-message.ts'
import { addMediaRoutes } from './media-routes.ts'
import { addMessageRoutes } from './message-routes.ts'
import type { SimulatorParts } from './parts.ts'
import { presentRefusal, type Refusal, refusal } from './refusals.ts'
import { answerJson, type Call, createRoutes, readBody, splitUrl } from './routes.ts'
import { type SimulatedMessage, twilioDate } from './simulated-message.ts'

/** So long WhatsApp shows it, unless an answer comes before. */
const TYPING_MS = 25_000

type Act = (call: Call) => void

/** Shared by the routes of the API. */
export interface ApiAnswers {
  refuse(call: Call, refused: Refusal, headers?: Record<string, string>): void
  missing(call: Call): void
  /** Only with the account of the path, else 404. */
  ofAccount(act: Act): Act
  /** With the message of the path, else 404. */
  withMessage(act: (call: Call, message: SimulatedMessage) => void): Act
}

export function createTwilioApi(parts: SimulatorParts, desk: ReturnType<typeof createSendDesk>, delivery: Delivery) {
  const { accountSid, clock, faults, messages, watch } = parts
  const routes = createRoutes()
  const since = twilioDate(clock.now())
  let concurrent = 0

  const refuse: ApiAnswers['refuse'] = (call, refused, headers = {}) =>
    answerJson(call.response, refused.status, presentRefusal(refused), headers)
  const missing = (call: Call) => refuse(call, { ...refusal(20404), message: `The requested resource ${call.path} was not found` })
  const ofAccount: ApiAnswers['ofAccount'] = (act) => (call) => (call.parts.account === accountSid ? act(call) : missing(call))
  const withMessage: ApiAnswers['withMessage'] = (act) =>
    ofAccount((call) => {
      const message = messages.get(call.parts.sid ?? '')
      return message === null ? missing(call) : act(call, message)
    })
  const answers = { refuse, missing, ofAccount, withMessage }
  addMessageRoutes(routes, parts, answers, desk, delivery)
  addMediaRoutes(routes, parts, answers)
  addContentRoutes(routes, accountSid, parts.contents, answers)

  const uri = `/2010-04-01/Accounts/${accountSid}`
  routes.add(
    'GET',
    '/2010-04-01/Accounts/:account.json',
    ofAccount((call) =>
      answerJson(call.response, 200, {
        auth_token: parts.authToken,
        date_created: since,
        date_updated: since,
        friendly_name: 'Simulated account',
        owner_account_sid: accountSid,
        sid: accountSid,
        status: 'active',
        subresource_uris: { messages: `${uri}/Messages.json` },
        type: parts.trialPrefix === '' ? 'Full' : 'Trial',
        uri: `${uri}.json`,
      }),
    ),
  )
  routes.add('POST', '/v2/Indicators/Typing.json', (call) => {
    const form = new URLSearchParams(call.body)
    const message = messages.get(form.get('messageId') ?? '')
    if (form.get('channel') !== 'whatsapp' || message === null || message.direction !== 'inbound') return missing(call)
    const phone = parts.phones.of(message.phone)
    phone.typingUntil = clock.now() + TYPING_MS
    watch.phone(phone)
    // Twilio marks the message as read with it, and so all before it.
    for (const one of phone.chat)
      if (one.direction === 'inbound' && one.channel === 'whatsapp' && one.at <= message.at && !one.seen) {
        one.seen = true
        watch.message(one)
      }
    answerJson(call.response, 200, { success: true })
  })

  const authorized = (request: IncomingMessage) => {
    const [scheme, encoded] = (request.headers.authorization ?? '').split(' ')
    if (scheme?.toLowerCase() !== 'basic') return false
    const given = Buffer.from(encoded ?? '', 'base64').toString('utf8')
    const key = parts.apiKey
    return given === `${accountSid}:${parts.authToken}` || (key !== null && given === `${key.sid}:${key.secret}`)
  }

  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { path, query } = splitUrl(request)
    concurrent++
    response.on('close', () => concurrent--)
    response.setHeader('Date', new Date(clock.now()).toUTCString())
    response.setHeader('Twilio-Request-Id', `RQ${randomBytes(16).toString('hex')}`)
    response.setHeader('Twilio-Concurrent-Requests', String(concurrent))
    response.setHeader('Twilio-Request-Duration', '0.004')
    const method = request.method ?? 'GET'
    const body = method === 'GET' ? '' : await readBody(request)
    const call: Call = { request, response, path, query, parts: {}, body: body ?? '' }
    if (response.destroyed) return
    if (body === null) return refuse(call, { status: 413, code: 20413, message: 'Request entity too large' })
    if (!authorized(request)) return refuse(call, refusal(20003))
    if (method === 'GET' && faults.happens('readHang')) return
    if (method === 'GET' && faults.happens('readError500')) return refuse(call, refusal(20500))
    const route = routes.find(method, path)
    if (route === null) return missing(call)
    await route.handler({ ...call, parts: route.parts })
  }
}
