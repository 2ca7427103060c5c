// Each request as one line of the log and one measurement: by the route's pattern, since a path may hold a number.
import type { RequestHandler } from 'express'
import type { Logger } from 'pino'
import type { Metrics } from './metrics.ts'

export function observeRequests(log: Logger, metrics: Metrics): RequestHandler {
  return (request, response, next) => {
    const began = performance.now()
    response.once('close', () => {
      const { method } = request
      const pattern: unknown = request.route?.path
      const route = typeof pattern === 'string' ? pattern : 'other'
      const status = response.writableEnded ? response.statusCode : 499
      const ms = performance.now() - began
      metrics.request.observe({ method, route, status }, ms / 1000)
      log[status < 400 ? 'debug' : status < 500 ? 'info' : 'warn']({ method, route, status, ms: Math.round(ms) }, 'request')
    })
    next()
  }
}
