// Demo mode's routes: the host's pages, the tokens of its agents, and the simulated phone.
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Express, Request } from 'express'
import { DomainError } from '../../shared/problems.ts'
import type { Parts } from '../parts.ts'
import { type DemoAgent, demoAgents, signDemoToken } from './agents.ts'
import { apiPage } from './api-page.ts'
import { type DemoRequest, demoPage } from './demo-page.ts'
import { mountDay } from './day-routes.ts'
import type { DemoParts } from './start-demo.ts'
import type { DemoLocale, DemoView } from './words.ts'

const locales: readonly DemoLocale[] = ['es', 'en', 'pt']
const views: readonly DemoView[] = ['upcoming', 'month', 'deposit', 'past']
const assets = { 'host.css': 'text/css', 'api.css': 'text/css', 'host.js': 'text/javascript', 'icon.svg': 'image/svg+xml' } as const

const one = <Value extends string>(allowed: readonly Value[], value: unknown, fallback: Value): Value =>
  allowed.find((candidate) => candidate === value) ?? fallback

function agentOf(request: Request): DemoAgent {
  return demoAgents.find((agent) => agent.key === request.query.agent) ?? demoAgents[0]
}

export function mountDemo(app: Express, parts: Parts, demo: DemoParts, describeApi: () => Record<string, unknown>): void {
  const { clock, config } = parts
  mountDay(app, parts, demo)
  for (const [name, type] of Object.entries(assets)) {
    const content = readFileSync(fileURLToPath(new URL(`page/${name}`, import.meta.url)))
    app.get(`/demo/${name}`, (_request, response) => {
      response.set('Cache-Control', 'no-cache').type(type).send(content)
    })
  }
  app.get('/', (request, response) => {
    const now = clock.now()
    const agent = agentOf(request)
    const records = demo.book.list(now).filter((record) => agent.coordinations?.includes(record.id) ?? true)
    const page: DemoRequest = {
      agent,
      now,
      locale: one(locales, request.query.lang, config.locale),
      view: one(views, request.query.view, 'upcoming'),
      section: request.query.section === 'clients' ? 'clients' : 'records',
      record: records.find((record) => record.id === request.query.record) ?? null,
    }
    response.set('Cache-Control', 'no-store').type('html').send(demoPage(page, records))
  })
  app.get('/demo/api', (request, response) => {
    response
      .set('Cache-Control', 'no-cache')
      .type('html')
      .send(apiPage(describeApi(), one(locales, request.query.lang, config.locale)))
  })
  app.get('/demo/token', async (request, response) => {
    const agent = demoAgents.find(({ key }) => key === request.query.agent)
    if (!agent) throw new DomainError('not_found', `There is no such demo agent. There are ${demoAgents.map(({ key }) => key).join(', ')}.`)
    response.set('Cache-Control', 'no-store').json({ token: await signDemoToken(agent, demo.secret, clock.now(), config) })
  })
  app.use(async (request, response, next) => {
    if (!(await demo.handlePhone(request, response))) next()
  })
}
