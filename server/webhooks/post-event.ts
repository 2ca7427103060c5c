// One attempt: signs an event as Standard Webhooks says, posts it, and reads what the host answers.
import type { IncomingMessage } from 'node:http'
import { Webhook as Signer } from 'standardwebhooks'
import type { Clock } from '../clock.ts'
import type { Config } from '../config.ts'
import { describeError } from '../describe-error.ts'
import { type Line, requestPublic } from '../request-public.ts'
import type { Attempt } from '../rules/delivery.ts'
import { mayBePrivate } from './may-be-private.ts'
import type { Webhook } from './webhook.ts'

/** How long the host may take, until the end of its answer. */
export const TIMEOUT_MS = 15_000
const MOST_BYTES = 100 * 1024

export interface PostParts {
  config: Pick<Config, 'allowedOrigins'>
  clock: Clock
  line?: Line
}

/** @param stop ends it at any point. */
export async function postEvent(
  { config, clock, line }: PostParts,
  { url: address, secret }: Pick<Webhook, 'url' | 'secret'>,
  { id, payload }: { id: string; payload: object },
  stop: AbortSignal,
): Promise<Attempt & { body: string }> {
  const url = new URL(address)
  const body = JSON.stringify(payload)
  const now = new Date(clock.now())
  const timeout = new AbortController()
  const cancel = clock.after(TIMEOUT_MS, () => timeout.abort(new Error(`No answer within ${TIMEOUT_MS / 1000} s.`)))
  try {
    const answer = await requestPublic(
      url,
      {
        headers: {
          'Content-Type': 'application/json',
          'User-Agent': 'Hilo',
          'webhook-id': id,
          'webhook-timestamp': String(Math.floor(now.getTime() / 1000)),
          'webhook-signature': new Signer(secret).sign(id, now, body),
        },
        ...{ body, mayBePrivate: mayBePrivate(config, url), signal: AbortSignal.any([stop, timeout.signal]) },
      },
      line,
    )
    const status = answer.statusCode ?? 0
    return { status, detail: detailOf(status), at: clock.now(), body: await textOf(answer) }
  } catch (error) {
    stop.throwIfAborted()
    const cause = timeout.signal.aborted ? timeout.signal.reason : error
    return { status: null, detail: describeError(cause).message.slice(0, 300), at: clock.now(), body: '' }
  } finally {
    cancel()
  }
}

/** The host's own words stay with the host: they may hold anything. */
function detailOf(status: number): string {
  if (status >= 300 && status < 400) return `${status}: redirects are not followed; save the address that it leads to`
  return String(status)
}

/** Too much of it is an answer that asks for nothing. */
async function textOf(answer: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of answer) {
    size += (chunk as Buffer).length
    if (size > MOST_BYTES) {
      answer.destroy()
      return ''
    }
    chunks.push(chunk as Buffer)
  }
  return Buffer.concat(chunks).toString()
}
