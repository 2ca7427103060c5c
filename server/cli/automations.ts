// What automations would send, asked of the running server: nothing is sent.
import { parseArgs } from 'node:util'
import type { Preview } from '../automations/preview-automations.ts'
import type { Problem } from '../../shared/problems.ts'
import type { Config } from '../config.ts'
import { signToken } from './token.ts'
import { UsageError } from './usage-error.ts'

export async function previewPlans(config: Config, args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: { 'dry-run': { type: 'boolean' }, until: { type: 'string' }, coordinations: { type: 'string' }, url: { type: 'string' } },
  })
  if (!values['dry-run']) throw new UsageError('Say --dry-run: automations send by themselves, this only shows what.')
  const until = values.until === undefined ? null : Date.parse(values.until)
  if (until !== null && Number.isNaN(until)) throw new UsageError('--until is no time such as 2026-03-02 or 2026-03-02T18:00:00-03:00.')
  const token = await signToken(config, { sub: 'command-line', name: 'Hilo', role: 'service', hours: 0.25 })
  const base = values.url ?? `http://127.0.0.1:${config.port}`
  const response = await fetch(new URL('/api/automations/preview', base), {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({
      limit: 100,
      ...(until === null ? {} : { until: new Date(until).toISOString() }),
      ...(values.coordinations === undefined ? {} : { coordinationIds: values.coordinations.split(',') }),
    }),
  }).catch((cause: unknown) => {
    throw new UsageError(`No server answers at ${base}. Start it, or give its address with --url.`, { cause })
  })
  const answer = (await response.json()) as Preview | Problem
  if (!('items' in answer)) throw new UsageError(`Not shown (${answer.code}): ${answer.detail}`)
  for (const { dueAt, automation, purpose, channel, to, name, coordinationId, text, skipped } of answer.items)
    console.log([dueAt, skipped ?? 'goes', automation, purpose, channel ?? '-', to ?? '-', name, coordinationId, text ?? '-'].join('\t'))
  console.log(`${answer.items.length} messages${answer.truncated ? ', and there are more' : ''}. Nothing was sent.`)
}
