// The demo host's own server: its page moves an event, Hilo's signed webhook tells it of a client's answer, and open pages hear of both.
import express, { type Express, type Request } from 'express'
import { Webhook } from 'standardwebhooks'
import { z } from 'zod'
import { DomainError } from '../../shared/problems.ts'
import type { Parts } from '../parts.ts'
import { HOOK_PATH, hookSecret } from './seed-day.ts'
import type { DemoParts } from './start-demo.ts'

const FURTHEST_MS = 366 * 24 * 3600_000
const moveBody = z.object({ startsAt: z.iso.datetime({ offset: true }) })
const told = z.object({
  type: z.string(),
  data: z.object({ action: z.object({ payload: z.string() }), coordination: z.object({ id: z.string() }).nullish() }),
})

export function mountDay(app: Express, parts: Parts, { book, secret }: Pick<DemoParts, 'book' | 'secret'>): void {
  const { clock } = parts

  app.post('/demo/records/:id', express.json({ limit: '4kb' }), async (request, response) => {
    demandOwnPage(request)
    const body = moveBody.safeParse(request.body)
    const at = Date.parse(body.data?.startsAt ?? '')
    const now = clock.now()
    if (!(at > now && at < now + FURTHEST_MS)) throw new DomainError('validation_failed', 'Give a day ahead, within a year.')
    const moved = await book.move(parts, String(request.params.id), at)
    if (moved === null) throw new DomainError('not_found', 'There is no such event, or it is over.')
    response.json({ startsAt: moved.startsAt })
  })

  app.post(HOOK_PATH, express.raw({ type: 'application/json', limit: '256kb' }), (request, response) => {
    const event = told.safeParse(verified(request, hookSecret(secret)))
    const { action, coordination } = event.data?.data ?? {}
    const confirmed = action?.payload === 'confirm' && coordination ? book.confirm(coordination.id, clock.now()) : null
    // What it says of the record is what the record is from now on.
    if (confirmed === null) response.sendStatus(204)
    else response.json({ coordination: confirmed })
  })

  app.get('/demo/changes', (request, response) => {
    response.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' })
    response.write(': \n\n')
    const stop = book.onChange(
      (id) => response.write(`data: ${JSON.stringify({ id })}\n\n`),
      () => response.end(),
    )
    request.on('close', stop)
  })
}

/** A page of another origin must not move anything, even on the visitor's own computer. @throws DomainError `origin_not_allowed`. */
function demandOwnPage({ headers }: Request): void {
  const isOwn = headers.origin === undefined || URL.parse(headers.origin)?.host === headers.host
  if (!isOwn) throw new DomainError('origin_not_allowed', 'Only the demo page itself may do this.')
}

/** @throws DomainError `signature_invalid`. */
function verified({ body, headers }: Request, secret: string): unknown {
  try {
    return new Webhook(secret).verify(body as Buffer, headers as Record<string, string>)
  } catch {
    throw new DomainError('signature_invalid', 'This is not from Hilo.')
  }
}
