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

/** `sockets`: how many are open, asked for with each reading. */
export function createMetrics(sockets = () => 0): Metrics {
  const registry = new Registry()
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
