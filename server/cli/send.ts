// A test message through the running server, the way every message goes, so that it proves the whole way.
import { randomUUID } from 'node:crypto'
import { parseArgs } from 'node:util'
import type { Message } from '../../shared/model.ts'
import type { Problem } from '../../shared/problems.ts'
import type { Config } from '../config.ts'
import { signToken } from './token.ts'
import { UsageError } from './usage-error.ts'

export async function sendTest(config: Config, args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      to: { type: 'string' },
      channel: { type: 'string', default: 'whatsapp' },
      text: { type: 'string' },
      template: { type: 'string' },
      var: { type: 'string', multiple: true, default: [] },
      coordination: { type: 'string' },
      url: { type: 'string' },
    },
  })
  if (values.to === undefined) throw new UsageError('Say to whom: --to +54911…')
  if ((values.text === undefined) === (values.template === undefined)) throw new UsageError('Give --text or --template.')
  const variables = Object.fromEntries(values.var.map((pair) => pair.split(/=(.*)/s).slice(0, 2)))
  const token = await signToken(config, { sub: 'command-line', name: 'Hilo', role: 'service', hours: 0.25 })
  const base = values.url ?? `http://127.0.0.1:${config.port}`
  const response = await fetch(new URL('/api/messages', base), {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({
      channel: values.channel,
      to: values.to,
      ...(values.coordination === undefined ? {} : { coordinationId: values.coordination }),
      ...(values.text === undefined ? { template: { name: values.template, variables } } : { text: values.text }),
      clientMessageId: randomUUID(),
      wait: 'sent',
    }),
  }).catch((cause: unknown) => {
    throw new UsageError(`No server answers at ${base}. Start it, or give its address with --url.`, { cause })
  })
  const answer = (await response.json()) as { message: Message } | Problem
  if (!('message' in answer)) {
    const names = answer.templates?.length ? ` Templates: ${answer.templates.join(', ')}.` : ''
    throw new UsageError(`Not sent (${answer.code}): ${answer.detail}${names}`)
  }
  const { status, twilioSid, error, id } = answer.message
  console.log(
    `${status}${twilioSid === null ? '' : ` ${twilioSid}`}${error === null ? '' : `: ${error.code ?? ''} ${error.message}`} (message ${id})`,
  )
  if (status === 'failed') process.exitCode = 1
}
