// Twilio's REST API as far as Hilo uses it: messages, one account, typing indicator. Spoken to by the official SDK.
import type { IncomingMessage, ServerResponse } from 'node:http'
import { randomBytes } from 'node:crypto'
import { addContentRoutes } from './content-api.ts'
import type { CreateAnswer, createSendDesk } from './create-message.ts'
import type { Delivery } from './deliver-message.ts'
import type { SimulatorParts } from './parts.ts'
import { presentRefusal, type Refusal, refusal } from './refusals.ts'
import { answerJson, type Call, createRoutes, readBody, splitUrl } from './routes.ts'
import { presentMessage, type SimulatedMessage } from './simulated-message.ts'

const dayMs = 24 * 60 * 60_000

export function createTwilioApi(parts: SimulatorParts, desk: ReturnType<typeof createSendDesk>, delivery: Delivery) {
  const { accountSid, clock, faults, messages, watch } = parts
  const routes = createRoutes()
  const base = '/2010-04-01/Accounts/:account'
  let concurrent = 0

  const refuse = (call: Call, refused: Refusal, headers: Record<string, string> = {}) =>
    answerJson(call.response, refused.status, presentRefusal(refused), headers)
  const missing = (call: Call) => refuse(call, { ...refusal(20404), message: `The requested resource ${call.path} was not found` })
  /** Answers with the message of the path, or 404. */
  const withMessage = (act: (call: Call, message: SimulatedMessage) => void) => (call: Call) => {
    const message = call.parts.account === accountSid ? messages.get(call.parts.sid ?? '') : null
    if (message === null) return missing(call)
    act(call, message)
  }

  const answerSend = (call: Call, answer: CreateAnswer) => {
    if (answer.kind === 'created') return answerJson(call.response, 201, presentMessage(answer.message, accountSid, true))
    if (answer.kind === 'cut') call.response.socket?.destroy()
    if (answer.kind !== 'refused') return
    refuse(call, answer.refused, answer.retryAfter === null ? {} : { 'Retry-After': String(answer.retryAfter) })
  }

  routes.add('POST', `${base}/Messages.json`, (call) => {
    if (call.parts.account !== accountSid) return missing(call)
    const answer = desk.create(new URLSearchParams(call.body))
    const { answeredAfterMs } = parts.timing
    if (answeredAfterMs === 0) answerSend(call, answer)
    else parts.scheduler.after(answeredAfterMs, () => answerSend(call, answer))
  })

  routes.add('GET', `${base}/Messages.json`, (call) => {
    if (call.parts.account !== accountSid) return missing(call)
    const { query } = call
    const size = Math.min(Math.max(Number(query.get('PageSize') ?? 50) || 50, 1), 1000)
    const page = Math.max(Number(query.get('Page') ?? 0) || 0, 0)
    const dates = readDates(query)
    if (dates === null) return refuse(call, refusal(20001, 'DateSent'))
    const found = messages.list(
      {
        to: query.get('To'),
        from: query.get('From'),
        ...dates,
        afterSid: query.get('PageToken')?.replace(/^PA/, '') ?? null,
        limit: size + 1,
      },
      clock.now(),
    )
    const shown = found.slice(0, size)
    const here = (change: Record<string, string>) => {
      const target = new URLSearchParams(query)
      target.set('PageSize', String(size))
      for (const [name, value] of Object.entries(change)) target.set(name, value)
      return `/2010-04-01/Accounts/${accountSid}/Messages.json?${target}`
    }
    const first = new URLSearchParams(query)
    first.delete('PageToken')
    first.set('Page', '0')
    first.set('PageSize', String(size))
    answerJson(call.response, 200, {
      messages: shown.map((message) => {
        const hidden = message.direction !== 'inbound' && faults.get(message.to).listWithoutFrom
        return { ...presentMessage(message, accountSid), ...(hidden ? { from: null } : {}) }
      }),
      page,
      page_size: size,
      start: page * size,
      end: page * size + Math.max(shown.length - 1, 0),
      uri: here({ Page: String(page) }),
      first_page_uri: `/2010-04-01/Accounts/${accountSid}/Messages.json?${first}`,
      previous_page_uri: null,
      next_page_uri: found.length > size ? here({ Page: String(page + 1), PageToken: `PA${shown.at(-1)?.sid}` }) : null,
    })
  })

  const resource = `${base}/Messages/:sid.json`
  routes.add(
    'GET',
    resource,
    withMessage((call, message) => answerJson(call.response, 200, presentMessage(message, accountSid))),
  )
  routes.add(
    'POST',
    resource,
    withMessage((call, message) => {
      const form = new URLSearchParams(call.body)
      if (form.get('Status') === 'canceled' && !delivery.cancel(message)) return refuse(call, refusal(30409))
      if (form.get('Body') === '') {
        message.body = ''
        message.updatedAt = clock.now()
        watch.message(message)
      }
      answerJson(call.response, 200, presentMessage(message, accountSid))
    }),
  )
  routes.add(
    'DELETE',
    resource,
    withMessage((call, message) => {
      messages.remove(message)
      call.response.writeHead(204).end()
    }),
  )
  routes.add(
    'GET',
    `${base}/Messages/:sid/Media.json`,
    withMessage((call, message) => {
      const parent = `/2010-04-01/Accounts/${accountSid}/Messages/${message.sid}`
      const date = new Date(message.at).toUTCString()
      const media = message.mediaTypes.map((type, index) => {
        const sid = `ME${message.sid.slice(2, -2)}${String(index).padStart(2, '0')}`
        const dates = { date_created: date, date_updated: date }
        return { sid, account_sid: accountSid, parent_sid: message.sid, content_type: type, ...dates, uri: `${parent}/Media/${sid}.json` }
      })
      answerJson(call.response, 200, { media_list: media, page: 0, page_size: 50, next_page_uri: null })
    }),
  )
  routes.add('GET', '/2010-04-01/Accounts/:account.json', (call) => {
    if (call.parts.account !== accountSid) return missing(call)
    answerJson(call.response, 200, { sid: accountSid, friendly_name: 'Simulated account', status: 'active', type: 'Full' })
  })
  routes.add('POST', '/v2/Indicators/Typing.json', (call) => {
    const form = new URLSearchParams(call.body)
    const message = messages.get(form.get('messageId') ?? '')
    if (form.get('channel') !== 'whatsapp' || message === null || message.direction !== 'inbound') return missing(call)
    // Twilio marks the message as read with it, and so all before it.
    for (const one of parts.phones.of(message.phone).chat)
      if (one.direction === 'inbound' && one.channel === 'whatsapp' && one.at <= message.at && !one.seen) {
        one.seen = true
        watch.message(one)
      }
    answerJson(call.response, 200, { success: true })
  })
  addContentRoutes(routes, accountSid, missing)

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

/** `DateSent`, `DateSent>`, `DateSent<` (also with `=`); a bare day is all of it, in GMT. Null: no date. */
function readDates(query: URLSearchParams): { sentFrom: number | null; sentBefore: number | null } | null {
  const range = { sentFrom: null as number | null, sentBefore: null as number | null }
  for (const [name, value] of query) {
    if (!name.startsWith('DateSent') || value === '') continue
    const at = Date.parse(value)
    if (Number.isNaN(at)) return null
    const end = at + (/^\d{4}-\d{2}-\d{2}$/.test(value) ? dayMs : 1000)
    if (!name.startsWith('DateSent<')) range.sentFrom = at
    if (!name.startsWith('DateSent>')) range.sentBefore = end
  }
  return range
}
