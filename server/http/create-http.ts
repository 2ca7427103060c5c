// The HTTP side: Express, made from the route table. Nothing in here knows what a call means.
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import cors from 'cors'
import express, { type ErrorRequestHandler, type Express, type Request, type RequestHandler, type Response } from 'express'
import { DomainError, problem } from '../../shared/problems.ts'
import { mountDemo } from '../demo/mount-demo.ts'
import type { DemoParts } from '../demo/start-demo.ts'
import type { Caller, Parts } from '../parts.ts'
import type { Auth } from './auth.ts'
import { authenticate } from './authenticate.ts'
import { createMetrics, type Metrics } from './metrics.ts'
import { observeRequests } from './observe-requests.ts'
import { mountOpenCalls } from './open-calls.ts'
import { createOriginRule } from './origin.ts'
import { answerProblem, problemOf } from './problem-document.ts'
import { createRateLimits, type RateLimits } from './rate-limit.ts'
import { readJson } from './read-json.ts'
import type { Reply, Route } from './route.ts'
import { routesOf } from './routes/compat/compat-routes.ts'
import { securityHeaders } from './security-headers.ts'
import { builtConsoleDir, staticConsole } from './static-console.ts'
import { builtWidgetDir, staticWidget } from './static-widget.ts'

export interface HttpExtras {
  dispatcherRuns: () => boolean
  /** Null: there is none. */
  redisIsUp?: () => boolean | null
  demo: DemoParts | null
  /** Shared with the sockets, which count towards the same limits. */
  limits?: RateLimits
  metrics?: Metrics
  /** Answers `/media/:id`. */
  serveMedia?: (request: Request, response: Response) => Promise<void>
  widgetDir?: string
  consoleDir?: string
}

const refuseForeignOrigins = (config: Parts['config']): RequestHandler => {
  const allowed = createOriginRule(config)
  return (request, response, next) => {
    response.set('Cache-Control', 'no-store').vary('Origin')
    if (!allowed(request.headers.origin))
      throw new DomainError('origin_not_allowed', 'This page may not call here. Add its origin, with scheme and port, to ALLOWED_ORIGINS.')
    next()
  }
}

/**
 * Only for origins that were let through already. Without a list of headers the preflight allows those it asks for: tracing
 * (Sentry, Datadog, OpenTelemetry) puts its own on every fetch of a page.
 */
const corsHeaders = cors({
  origin: true,
  exposedHeaders: ['Retry-After', 'Content-Disposition', 'ETag'],
  methods: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'],
  maxAge: 600,
})

/** An empty value in a query is one that was not given. */
function givenQuery(request: Request): Record<string, unknown> {
  const given = Object.entries(request.query).filter(([, value]) => value !== '')
  return Object.fromEntries(given.map(([name, value]) => [name, typeof value === 'string' ? withPlus(name, value) : value]))
}

/** Whoever forgets to encode a plus sends a space: in a number or a time it can only have been one. */
function withPlus(name: string, value: string): string {
  if (name === 'phone') return value.replace(/^ (?=[1-9]\d{6})/, '+')
  return name === 'from' || name === 'to' ? value.replace(/ (?=\d\d:\d\d$)/, '+') : value
}

async function write(response: Response, reply: Reply): Promise<void> {
  if ('csv' in reply) return download(response, reply.status, 'text/csv', BYTE_ORDER_MARK, reply.csv, reply.filename)
  if ('json' in reply) return download(response, reply.status, 'application/json', '', reply.json, reply.filename)
  response.status(reply.status)
  if (reply.etag !== undefined) response.set('ETag', reply.etag)
  if (reply.status === 204) response.end()
  else response.json(reply.body)
}

/** Without it spreadsheets read the bytes in a code page of their own. */
const BYTE_ORDER_MARK = '\uFEFF'

/** A file for people. Its first part is there before the answer begins, so that a refusal can still be told. */
async function download(
  response: Response,
  status: number,
  type: string,
  mark: string,
  parts: AsyncIterable<string>,
  filename: string,
): Promise<void> {
  const rows = parts[Symbol.asyncIterator]()
  const first = await rows.next()
  response.status(status).attachment(filename).type(type)
  async function* whole() {
    yield mark + (first.done ? '' : first.value)
    yield* { [Symbol.asyncIterator]: () => rows }
  }
  await pipeline(Readable.from(whole()), response)
}

function mountRoute(app: Express, route: Route, parts: Parts & { auth: Auth }, limits: RateLimits): void {
  const identify: RequestHandler = async (request, response, next) => {
    const caller = await authenticate(request, request.ip ?? '', parts.auth, limits)
    limits.request(caller)
    response.locals.caller = caller
    next()
  }
  const answer: RequestHandler = async (request, response) => {
    const caller = response.locals.caller as Caller
    const params = request.params as Record<string, string>
    const wantsCsv = route.csv && request.accepts(['application/json', 'text/csv']) === 'text/csv'
    const idempotencyKey = request.get('idempotency-key')
    const ifMatch = request.get('if-match')
    const call = { caller, params, query: givenQuery(request), body: request.body as unknown, wantsCsv, idempotencyKey, ifMatch, request }
    await write(response, await route.run(parts, call))
  }
  app[route.method](route.path, identify, ...bodyReaders(route), answer)
}

/** A list is read by the call itself, as it comes; where the call also takes JSON, that is read here. */
function bodyReaders({ body, bodyBytes, takesList }: Route): RequestHandler[] {
  if (body === null) return []
  const read = readJson(bodyBytes)
  if (!takesList) return [read]
  return [(request, response, next) => (request.is(['text/csv', 'application/x-ndjson']) ? next() : read(request, response, next))]
}

/** Webhooks do not come here: `createWebhookHandler` stands in front. */
export function createHttp(parts: Parts & { auth: Auth }, extras: HttpExtras): Express {
  const { config, log } = parts
  const limits = extras.limits ?? createRateLimits(config, parts.clock)
  const metrics = extras.metrics ?? createMetrics()
  const app = express()
  app.disable('x-powered-by')
  app.disable('etag')
  app.set('trust proxy', config.trustProxy)
  app.set('query parser', 'simple')

  app.use(observeRequests(log, metrics))
  app.use(securityHeaders(config))
  app.use(staticWidget(extras.widgetDir ?? builtWidgetDir))
  app.use(staticConsole(extras.consoleDir ?? builtConsoleDir))
  if (extras.serveMedia) mountMedia(app, extras.serveMedia)
  app.use('/api', refuseForeignOrigins(config), corsHeaders)
  const describeApi = mountOpenCalls(app, parts, metrics, {
    dispatcherRuns: extras.dispatcherRuns,
    redisIsUp: extras.redisIsUp ?? (() => null),
  })
  const routes = routesOf(config)
  for (const route of routes) mountRoute(app, route, parts, limits)
  if (extras.demo !== null) mountDemo(app, parts, extras.demo, describeApi)

  app.use((request, response) => {
    const others = routes.filter((route) => matches(route, request.path)).map((route) => route.method.toUpperCase())
    if (others.length > 0) response.set('Allow', [...new Set(others)].join(', '))
    const hint = others.length > 0 ? ` It takes ${others.join(', ')}.` : ' See /api/openapi.json.'
    answerProblem(response, problem('not_found', `There is no such call.${hint}`))
  })
  const answerError: ErrorRequestHandler = (error, _request, response, _next) => {
    answerProblem(response, problemOf(error, log))
  }
  app.use(answerError)
  return app
}

/** By a signed address, since an `<img>` sends no token. */
function mountMedia(app: Express, serve: NonNullable<HttpExtras['serveMedia']>): void {
  // Both, as Express would answer HEAD by a GET of its own.
  for (const method of ['head', 'get'] as const) app[method]('/media/:id', (request, response) => serve(request, response))
}

function matches(route: Route, path: string): boolean {
  return new RegExp(`^${route.path.replace(/:\w+/g, '[^/]+')}/?$`).test(path)
}
