// A simulator on a port, an application that writes down the webhooks it gets, and the official SDK between them.
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import twilio from 'twilio'
import { createSimulator, type Simulator, type SimulatorOptions } from '../../server/simulator/simulator.ts'

export const accountSid = 'AC00000000000000000000000000000001'
export const authToken = '0123456789abcdef0123456789abcdef'
export const ours = { whatsapp: '+14155238886', sms: '+15558675310' } as const
export const publicOrigin = 'https://inbox.example.com'
export const statusUrl = `${publicOrigin}/webhooks/twilio/status?message=018f`
export const client = '+5491122334455'

interface Webhook {
  path: string
  fields: Record<string, string>
  /** As it came; of events, what they tell. */
  body: string
  event: { data: { type: string; template: Record<string, string> } }[]
  /** The verdict of Twilio's own validator. */
  valid: boolean
  headers: http.IncomingHttpHeaders
}

export class Redirected extends twilio.RequestClient {
  readonly #base: string
  constructor(base: string, options: ConstructorParameters<typeof twilio.RequestClient>[0] = {}) {
    super(options)
    this.#base = base
  }
  override request<T>(
    options: Parameters<InstanceType<typeof twilio.RequestClient>['request']>[0],
  ): Promise<{ statusCode: number; body: T; headers: object }> {
    const { pathname, search } = new URL(options.uri)
    return super.request({ ...options, uri: this.#base + pathname + search }) as Promise<{ statusCode: number; body: T; headers: object }>
  }
}

export async function startWorld(options: Partial<SimulatorOptions> = {}) {
  const webhooks: Webhook[] = []
  /** The application's answer; by default 200. Null: the connection is cut. */
  const answer: { with: (webhook: Webhook) => number | null } = { with: () => 200 }
  const application = http.createServer(async (request, response) => {
    let body = ''
    for await (const chunk of request) body += chunk
    const isEvent = request.headers['content-type'] === 'application/json'
    const fields = isEvent ? {} : Object.fromEntries(new URLSearchParams(body))
    const path = request.url ?? ''
    const signature = String(request.headers['x-twilio-signature'])
    const valid = twilio.validateRequest(authToken, signature, publicOrigin + path, fields)
    const event = isEvent ? (JSON.parse(body) as Webhook['event']) : []
    const webhook: Webhook = { path, fields, body, event, valid, headers: request.headers }
    webhooks.push(webhook)
    const status = answer.with(webhook)
    if (status === null) request.socket.destroy()
    else response.writeHead(status, { 'Content-Type': 'text/xml' }).end('<Response/>')
  })
  await new Promise<void>((resolve) => application.listen(0, '127.0.0.1', resolve))
  const applicationUrl = `http://127.0.0.1:${(application.address() as AddressInfo).port}`
  const simulator: Simulator = createSimulator({
    accountSid,
    authToken,
    senders: ours,
    timing: { sentAfterMs: 1, deliveredAfterMs: 1 },
    ...options,
  })
  simulator.connect(publicOrigin, applicationUrl)
  const { url } = await simulator.listen()
  const sdk = twilio(accountSid, authToken, { httpClient: new Redirected(url, { timeout: 2000 }) })
  return {
    simulator,
    url,
    sdk,
    webhooks,
    answer,
    application,
    statuses: (sid: string) => webhooks.filter(({ fields }) => fields.MessageSid === sid && fields.MessageStatus !== undefined),
    send: (body: string, to = client) =>
      sdk.messages.create(
        to.startsWith('sms:')
          ? { from: ours.sms, to: to.slice(4), body, statusCallback: statusUrl }
          : { from: `whatsapp:${ours.whatsapp}`, to: `whatsapp:${to}`, body, statusCallback: statusUrl },
      ),
    async close() {
      await simulator.close()
      application.closeAllConnections()
      await new Promise<void>((resolve) => application.close(() => resolve()))
    },
  }
}
export type World = Awaited<ReturnType<typeof startWorld>>

/** The refusal of a call, as the SDK throws it. */
export async function refusalOf(call: Promise<unknown>): Promise<{ code: number | undefined; status: number; message: string }> {
  try {
    await call
  } catch (error) {
    if (error instanceof twilio.RestException) return { code: error.code, status: error.status, message: error.message }
    throw error
  }
  throw new Error('The call was not refused.')
}
