// Figures for Prometheus: the process, requests by route, webhooks by kind, sockets that are open.
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'

export interface Metrics {
  request: Histogram<'method' | 'route' | 'status'>
  webhook: Counter<'kind' | 'status'>
  contentType: string
  text(): Promise<string>
}

// The process is one, however many servers a test starts in it.
let ofProcess: Registry | null = null
function processRegistry(): Registry {
  if (ofProcess === null) {
    ofProcess = new Registry()
    collectDefaultMetrics({ register: ofProcess })
  }
  return ofProcess
}

/** Asked for with each reading. */
export interface Readings {
  /** How many are open. */
  sockets(): number
  /** Null: there is none. */
  redisIsUp(): boolean | null
  /** Messages heard through Redis and not understood, by the reason. */
  ignored(): Readonly<Record<string, number>> | null
}

const nothing: Readings = { sockets: () => 0, redisIsUp: () => null, ignored: () => null }

export function createMetrics({ sockets, redisIsUp, ignored } = nothing): Metrics {
  const registry = new Registry()
  if (redisIsUp() !== null) {
    new Gauge({
      name: 'hilo_redis_up',
      help: '1: what other processes do is heard through Redis. 0: it is away, and found in the database within a second.',
      registers: [registry],
      collect() {
        this.set(redisIsUp() ? 1 : 0)
      },
    })
    new Gauge({
      name: 'hilo_redis_ignored',
      help: 'Messages on our channel that are none of ours (foreign), of another version of Hilo (version) or damaged (broken), since the start.',
      labelNames: ['why'],
      registers: [registry],
      collect() {
        for (const [why, count] of Object.entries(ignored() ?? {})) this.set({ why }, count)
      },
    })
  }
  new Gauge({
    name: 'hilo_sockets',
    help: 'Sockets that are open. The tabs of one agent share one.',
    registers: [registry],
    collect() {
      this.set(sockets())
    },
  })
  return {
    request: new Histogram({
      name: 'hilo_http_request_seconds',
      help: 'Time to answer a request, by route pattern.',
      labelNames: ['method', 'route', 'status'],
      buckets: [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10],
      registers: [registry],
    }),
    webhook: new Counter({
      name: 'hilo_webhooks_total',
      help: 'Webhooks answered, by kind and status.',
      labelNames: ['kind', 'status'],
      registers: [registry],
    }),
    contentType: registry.contentType,
    text: async () => `${await processRegistry().metrics()}\n${await registry.metrics()}`,
  }
}
