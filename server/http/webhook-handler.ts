// Twilio's webhooks on node:http, in front of Express: no rate limit, no CORS, no header it does not need.
// It knows paths, bytes and answers; what a webhook means is twilio/'s business.
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Logger } from 'pino'
import { DomainError, problem } from '../../shared/problems.ts'
import type { Metrics } from './metrics.ts'
import { answerProblem, problemOf } from './problem-document.ts'

/** A webhook as it came: signatures are over exactly this. */
export interface RawWebhook {
  pathAndQuery: string
  method: string
  contentType: string
  body: Buffer
  signature: string | null
}
export interface WebhookAnswer {
  status: number
  contentType: string | null
  body: string
}
export interface Webhooks {
  message(request: RawWebhook): Promise<WebhookAnswer>
  status(request: RawWebhook, messageId: string | null): Promise<WebhookAnswer>
  events(request: RawWebhook): Promise<WebhookAnswer>
}

/** Answers a webhook, or says with `false` that the request is none. */
export type WebhookHandler = (request: IncomingMessage, response: ServerResponse) => boolean

const BODY_BYTES = 64 * 1024
/** A body that is too large is read and thrown away up to here, so that its sender gets to read the answer. */
const DRAINED_BYTES = 1024 * 1024
const statusPath = /^\/webhooks\/twilio\/status(?:\/([\w-]{1,64}))?\/?$/
const eventsPath = /^\/webhooks\/twilio\/events\/?$/
const messagePath = /^\/(?:webhooks\/twilio\/message|api\/whatsapp\/webhook)\/?$/

function readBody(request: IncomingMessage): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let size = 0
    request.on('data', (chunk: Buffer) => {
      size += chunk.length
      if (size <= BODY_BYTES) chunks.push(chunk)
      else if (size > DRAINED_BYTES) {
        request.pause()
        reject(new DomainError('payload_too_large', 'A webhook may have 64 kB.'))
      }
    })
    request.on('end', () => {
      if (size > BODY_BYTES) reject(new DomainError('payload_too_large', 'A webhook may have 64 kB.'))
      else resolve(chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks))
    })
    request.on('error', reject)
    request.on('close', () => {
      if (!request.complete) reject(new DomainError('bad_request', 'The request ended early.'))
    })
  })
}

export function createWebhookHandler(webhooks: Webhooks, { log }: { log: Logger }, metrics: Metrics | null = null): WebhookHandler {
  const answer = async (request: IncomingMessage, response: ServerResponse, messageId: string | null, kind: keyof Webhooks) => {
    const signature = request.headers['x-twilio-signature']
    const raw: RawWebhook = {
      pathAndQuery: request.url ?? '/',
      method: request.method ?? 'POST',
      contentType: request.headers['content-type'] ?? '',
      body: await readBody(request),
      signature: typeof signature === 'string' ? signature : null,
    }
    const { status, contentType, body } = kind === 'status' ? await webhooks.status(raw, messageId) : await webhooks[kind](raw)
    const headers: Record<string, string | number> = contentType === null ? {} : { 'Content-Type': contentType }
    if (status !== 204) headers['Content-Length'] = Buffer.byteLength(body)
    response.writeHead(status, headers).end(status === 204 ? undefined : body)
  }

  return (request, response) => {
    const url = request.url ?? ''
    if (!url.startsWith('/webhooks/') && !url.startsWith('/api/whatsapp/webhook')) return false
    const query = url.indexOf('?')
    const path = query === -1 ? url : url.slice(0, query)
    const status = statusPath.exec(path)
    const isEvents = eventsPath.test(path)
    if (!status && !isEvents && !messagePath.test(path)) return false
    const kind = status ? 'status' : isEvents ? 'events' : 'message'
    if (request.method !== 'POST' && request.method !== 'GET') {
      response.setHeader('Allow', 'POST, GET')
      answerProblem(response, problem('not_found', 'Webhooks are sent with POST.'))
      return true
    }
    answer(request, response, status?.[1] ?? null, kind)
      .catch((error: unknown) => {
        const document = problemOf(error, log)
        // A body cut off in the middle leaves a connection that cannot be used again.
        if (!request.complete) response.setHeader('Connection', 'close')
        answerProblem(response, document)
      })
      .finally(() => metrics?.webhook.inc({ kind, status: response.statusCode }))
    return true
  }
}
