// Calls that need no token: alive, ready, figures, and what the API is.
import type { Express } from 'express'
import { DomainError } from '../../shared/problems.ts'
import type { Parts } from '../parts.ts'
import type { Metrics } from './metrics.ts'
import { buildOpenApi, type OpenCall } from './openapi.ts'
import { routesOf } from './routes/compat/compat-routes.ts'

const openCalls: readonly OpenCall[] = [
  { method: 'get', path: '/healthz', operation: 'healthz', summary: 'The process is alive.', contentType: 'application/json' },
  {
    method: 'get',
    path: '/readyz',
    operation: 'readyz',
    summary: 'Store and dispatcher work; else 503 and why. Where REDIS_URL is set, whether Redis is up or away.',
    contentType: 'application/json',
  },
  { method: 'get', path: '/metrics', operation: 'metrics', summary: 'Figures for Prometheus.', contentType: 'text/plain' },
  {
    method: 'get',
    path: '/media/:id',
    operation: 'readMedia',
    summary: 'What goes beside words, or a small picture of it, by the signed address that its message has: for a day or two.',
    contentType: 'application/octet-stream',
    query: ['exp', 'sig'],
    optional: ['size'],
  },
  {
    method: 'head',
    path: '/media/:id',
    operation: 'describeMedia',
    summary: 'Its type, size and name.',
    contentType: null,
    query: ['exp', 'sig'],
    optional: ['size'],
  },
  { method: 'get', path: '/api/openapi.json', operation: 'openapi', summary: 'This document.', contentType: 'application/json' },
]

/** The answer gives the API's document, made when it is first asked for. */
export function mountOpenCalls(
  app: Express,
  { store, config }: Pick<Parts, 'store' | 'config'>,
  metrics: Metrics,
  { dispatcherRuns, redisIsUp }: { dispatcherRuns: () => boolean; redisIsUp: () => boolean | null },
): () => Record<string, unknown> {
  app.get('/healthz', (_request, response) => {
    response.json({ status: 'alive' })
  })
  app.get('/readyz', async (_request, response) => {
    await store.ping()
    if (!dispatcherRuns()) throw new DomainError('unavailable', 'The dispatcher does not run yet, or no more.', { retryAfter: 1 })
    const redis = redisIsUp()
    // Away, it costs half a second and nothing else: no reason to take the process out.
    response.json({ status: 'ready', ...(redis === null ? {} : { redis: redis ? 'up' : 'away' }) })
  })
  app.get('/metrics', async (_request, response) => {
    response.type(metrics.contentType).send(await metrics.text())
  })
  let document: Record<string, unknown> | null = null
  const described = () => (document ??= buildOpenApi(routesOf(config), openCalls, config.publicUrl))
  app.get('/api/openapi.json', (_request, response) => {
    response.json(described())
  })
  return described
}
