// The composition root: everything is made here, handed what it needs, and closed in reverse. The process, tests and
// benches all start here.
import { randomBytes } from 'node:crypto'
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import { hostname } from 'node:os'
import type { AddressInfo } from 'node:net'
import type { Logger } from 'pino'
import { DomainError, problem } from '../shared/problems.ts'
import { type Clock, systemClock } from './clock.ts'
import type { Config, TwilioSettings } from './config.ts'
import { type DemoParts, startDemo } from './demo/start-demo.ts'
import { createAuth } from './http/auth.ts'
import { createHttp } from './http/create-http.ts'
import { createHttpServer } from './http/create-http-server.ts'
import { createMetrics } from './http/metrics.ts'
import { createOriginRule } from './http/origin.ts'
import { createRateLimits, type RateLimits } from './http/rate-limit.ts'
import { createWebhookHandler } from './http/webhook-handler.ts'
import { createEventKeeper } from './automations/known-events.ts'
import { type CampaignLoop, createCampaignLoop } from './campaigns/campaign-loop.ts'
import { createPlanLoop, type PlanLoop } from './automations/plan-loop.ts'
import { createIds, type NewId } from './ids.ts'
import { createMediaLoop, type MediaLoop } from './inbox/media-loop.ts'
import { createRecovery, type Recovery } from './inbox/recovery-loop.ts'
import { createLog } from './log.ts'
import { createCollectLoop } from './media/collect-loop.ts'
import { createMedia } from './media/create-media.ts'
import type { Line } from './request-public.ts'
import { createDispatcher, type Dispatcher } from './outbox/dispatcher.ts'
import { createOrganizations, onlyOrganization, type Organization } from './organizations.ts'
import { type Gateway, ListUnreadable } from './outbox/gateway.ts'
import { noticeReturn } from './outbox/notice-return.ts'
import { createSenders, type OwnSender } from './outbox/senders.ts'
import type { Parts } from './parts.ts'
import type { Bell } from './processes/bell.ts'
import { createOtherProcesses } from './processes/other-processes.ts'
import { createPublish } from './realtime/publish.ts'
import { createRealtime, type Realtime } from './realtime/create-realtime.ts'
import { createRetentionLoop } from './retention/retention-loop.ts'
import { settingsByDefault } from './rules/organization.ts'
import { openStore } from './store/open-store.ts'
import { createNotify, type Notify } from './team/notify-agents.ts'
import { createOrganizationKeeper } from './team/keep-organizations.ts'
import type { PushGateway } from './team/push-gateway.ts'
import { createSnoozeLoop } from './team/wake-snoozed.ts'
import type { Store } from './store/store.ts'
import { createStop } from './stop-listening.ts'
import { isOutOfReach } from './private-host.ts'
import { type OpeningTemplate, sandboxTemplates } from './templates/sandbox.ts'
import { seedTemplates } from './templates/seed-templates.ts'
import { createTemplateDesk, type TemplateDesk } from './templates/template-desk.ts'
import { createTwilioGateway } from './twilio/twilio-gateway.ts'
import { createTwilioWebhooks } from './twilio/webhooks.ts'
import { checkSecrets } from './webhooks/check-secrets.ts'
import { createWebhooks, type HostWebhooks } from './webhooks/create-webhooks.ts'
import { hearToo } from './webhooks/hear-too.ts'
import { createWebPushGateway } from './web-push/web-push-gateway.ts'

/** Parts that a test may replace. */
export interface GivenParts {
  clock?: Clock
  newId?: NewId
  log?: Logger
  store?: Store
  gateway?: Gateway
  /** How long Twilio may take to answer. */
  twilioTimeoutMs?: number
  push?: PushGateway
  /** Where the built widget is. */
  widgetDir?: string
  /** How files are fetched that a host names. */
  mediaLine?: Line
  /** No webhook reaches this server, whatever its PUBLIC_URL. */
  polls?: boolean
}

export interface RunningServer {
  /** Where it listens, e.g. `http://127.0.0.1:8080`. */
  url: string
  parts: Parts
  /** Demo mode's simulator and pages; null otherwise. */
  demo: DemoParts | null
  /** Nobody outside reaches it: what clients write is read from Twilio's list. */
  polls: boolean
  /** Stops accepting, finishes what is under way, closes everything in reverse. May be called twice. */
  close(): Promise<void>
}

const SANDBOX_NUMBER = '+14155238886'
/** How long a stop waits for Twilio's answers; the rest of its ten seconds is for clients and the store. */
const SENDS_END_MS = 5_000
/** How long it waits for what is being fetched; the rest is fetched again by who comes after. */
const FETCHES_END_MS = 2_000
/** Where other processes go on, balancers hear first that this one does not; its sockets leave meanwhile, not all at once. */
const LEAVE_MS = 2_000

/**
 * Starts Hilo. When it resolves, the port answers and the dispatcher runs.
 *
 * @throws DomainError or Error with a sentence that says what cannot be opened (database locked, newer, unreachable;
 *   port taken); whatever was opened by then is closed again.
 */
export async function createServer(config: Config, given: GivenParts = {}): Promise<RunningServer> {
  const closers: (() => Promise<void> | void)[] = []
  let closing: Promise<void> | null = null
  const close = () => {
    closing ??= (async () => {
      const faults: unknown[] = []
      // One that fails must not keep the others open, the store least of all.
      for (const closer of closers.reverse())
        await Promise.resolve()
          .then(closer)
          .catch((fault: unknown) => faults.push(fault))
      if (faults.length > 0) throw faults[0]
    })()
    return closing
  }
  try {
    const clock = given.clock ?? systemClock
    const newId = given.newId ?? createIds(() => clock.now())
    const log = given.log ?? createLog(config)
    const late: {
      dispatcher?: Dispatcher
      realtime?: Realtime
      notify?: Notify
      recovery?: Recovery
      templates?: TemplateDesk
      mediaLoop?: MediaLoop
      planLoop?: PlanLoop
      campaignLoop?: CampaignLoop
      limits?: RateLimits
      webhooks?: HostWebhooks
    } = {}
    let handle = answerStarting
    let isLeaving = false
    const httpServer = createHttpServer(
      { keepAliveSeconds: config.keepAliveSeconds, takesSockets: () => late.realtime !== undefined && !isLeaving },
      (request, response) => handle(request, response),
    )
    const stop = createStop(httpServer)
    const url = await listen(httpServer, config)
    closers.push(() => stop.end())

    const demo = config.demo ? await startDemo(config, { clock, log, url }) : null
    if (demo !== null) closers.push(() => demo.close())
    // The demo's page is a host of its own, at this address.
    const ownOrigins = [...config.allowedOrigins, url]
    const settings =
      demo === null ? config : { ...config, twilio: demo.twilio, publicUrl: publicUrlOf(config, url), allowedOrigins: ownOrigins }
    const twilio = settings.twilio

    const opened = given.store ?? (await openStore(settings.databaseUrl, { clock, newId }))
    closers.push(
      () => opened.close(),
      () => stop.end(),
    )
    const polls = twilio !== null && (given.polls ?? settings.twilioPoll ?? isOutOfReach(settings.publicUrl, twilio.apiUrl))
    const statusCallback = twilio === null || polls ? null : `${settings.publicUrl}/webhooks/twilio/status`
    const connect = (settings: TwilioSettings) => createTwilioGateway({ settings, clock, statusCallback, timeoutMs: given.twilioTimeoutMs })
    const provider = given.gateway ?? (twilio === null ? absentGateway : connect(twilio))
    const publishing = createPublish()
    const gateway = noticeReturn(provider, () => late.recovery?.returned())
    const dispatch = {
      wake: (line) => late.dispatcher?.wake(line),
      release: (lineId) => late.dispatcher?.release(lineId),
      schedule: (dueAt) => late.dispatcher?.schedule(dueAt),
      settled: async (messageId, timeoutMs) => late.dispatcher?.settled(messageId, timeoutMs),
      settle: (messageId) => late.dispatcher?.settle(messageId),
      fetchMedia: () => late.mediaLoop?.wake(),
    } satisfies Parts['dispatch']
    const own: Organization = {
      ...{
        id: onlyOrganization,
        settings: { ...settingsByDefault(settings), twilioTyping: settings.twilioTyping },
        settingsRev: 0,
        listensTo: new Set(),
        defaults: settings,
        gateway,
      },
      senders: createSenders(ownSenders(settings, twilio), twilio !== null, (channel) => own.settings.channels[channel]),
    }
    const organizations = [own]
    const processes = await createOtherProcesses({
      ...{ id: newId(), store: opened, clock, log, organizations, dispatch },
      publish: hearToo(publishing.publish, (orgId, changed) => late.webhooks?.hear(orgId, changed)),
      sockets: () => late.realtime,
      spend: (spent) => late.limits?.spend(spent),
      openBell: settings.redisUrl === null ? null : (database) => openBell(settings.redisUrl ?? '', database, log),
    })
    closers.push(() => processes.close())
    const { store, others, publish } = processes
    const media = await createMedia(settings, { store, clock, ...(given.mediaLine ? { line: given.mediaLine } : {}) })
    closers.push(() => media.close())
    const parts: Parts = {
      config: settings,
      store,
      clock,
      newId,
      log,
      organizationOf: createOrganizations(organizations),
      organizations,
      publish,
      dispatch,
      automations: {
        planned: () => late.planLoop?.planned(),
        spoke: (orgId, ids) => late.planLoop?.spoke(orgId, ids),
        changed: () => late.planLoop?.changed(),
        termsChanged: (orgId) => late.planLoop?.termsChanged(orgId),
      },
      campaigns: {
        changed: () => late.campaignLoop?.changed(),
        async count(orgId, campaign) {
          return late.campaignLoop?.count(orgId, campaign) ?? campaign.counts
        },
      },
      others,
      webhooks: { changed: () => late.webhooks?.changed() },
      connected: (orgId, agentId) => (late.realtime?.connected(orgId, agentId) ?? false) || processes.elsewhere.connected(orgId, agentId),
      notify: {
        inbound: (orgId, message, conversation) => late.notify?.inbound(orgId, message, conversation),
        changed: (orgId) => late.notify?.changed(orgId),
      },
      mediaUrl: media.urlOf,
      previewUrl: media.previewUrlOf,
      templates: {
        soon: () => late.templates?.soon(),
        sync: async () => late.templates?.sync() ?? noTemplates,
        async submit(_, name, wanted) {
          if (late.templates === undefined) throw new DomainError('unavailable', 'Hilo is starting.', { retryAfter: 1 })
          return late.templates.submit(name, wanted)
        },
        status: () => late.templates?.status() ?? { readAt: null, fault: null },
      },
      uploads: media.uploads,
      push: given.push ?? createWebPushGateway({ store, log, publicUrl: settings.publicUrl }),
    }
    const keeper = createOrganizationKeeper(parts)
    closers.push(() => keeper.close())
    await keeper.start()
    await checkSecrets(parts)
    const events = createEventKeeper(parts)
    closers.push(() => events.close())
    await events.start()
    const notify = createNotify(parts, parts.push)
    late.notify = notify
    const holder = holderName(config)
    const dispatcher = createDispatcher(parts, holder)
    late.dispatcher = dispatcher
    const recovery = createRecovery(parts, onlyOrganization, { holder, polls })
    late.recovery = recovery
    const templateDesk = createTemplateDesk(parts, onlyOrganization, holder)
    late.templates = templateDesk
    const mediaLoop = createMediaLoop(parts, media, holder)
    late.mediaLoop = mediaLoop
    const collectLoop = createCollectLoop(parts, media, { orgId: onlyOrganization, holder, from: randomBytes(1).toString('hex') })
    const hostWebhooks = createWebhooks(parts, holder)
    late.webhooks = hostWebhooks
    const planLoop = createPlanLoop(parts, holder)
    late.planLoop = planLoop
    const campaignLoop = createCampaignLoop(parts, holder)
    const retentionLoop = createRetentionLoop(parts, holder)
    late.campaignLoop = campaignLoop

    const auth = createAuth(settings, { demoSecret: demo?.secret ?? null, clock })
    const webhooks = createTwilioWebhooks(parts, recovery.missed)
    const limits = createRateLimits(settings, clock, processes.spent)
    late.limits = limits
    const metrics = createMetrics({ sockets: () => late.realtime?.count() ?? 0, redisIsUp: processes.bellIsUp, ignored: processes.ignored })
    const app = createHttp(
      { ...parts, auth },
      {
        dispatcherRuns: () => dispatcher.running() && !isLeaving,
        redisIsUp: processes.bellIsUp,
        demo,
        serveMedia: media.serve,
        limits,
        metrics,
        ...(given.widgetDir ? { widgetDir: given.widgetDir } : {}),
      },
    )
    const takeWebhook = createWebhookHandler(webhooks, parts, metrics)
    handle = (request, response) => {
      if (!takeWebhook(request, response)) app(request, response)
    }
    const realtime = createRealtime({
      httpServer,
      parts,
      auth,
      publishing,
      limits,
      originIsAllowed: createOriginRule(settings),
      elsewhere: processes.elsewhere,
    })
    late.realtime = realtime
    const snooze = createSnoozeLoop(parts)
    closers.push(
      () => realtime.close(),
      () => notify.close(),
      () => snooze.close(),
      () => recovery.close(),
      () => templateDesk.close(),
      () => mediaLoop.close(FETCHES_END_MS),
      () => collectLoop.close(),
      () => retentionLoop.close(),
      () => hostWebhooks.close(FETCHES_END_MS),
      () => planLoop.close(),
      () => campaignLoop.close(),
      // Before the sockets, so that what it finishes is still told.
      () => dispatcher.close(SENDS_END_MS),
      // No new connections. Not awaited here, since sockets keep theirs until they are closed.
      () => stop.begin(),
      // First of all.
      async () => {
        if (!processes.areThere()) return
        isLeaving = true
        // Messages that come in meanwhile are sent by the others.
        await Promise.all([realtime.leave(LEAVE_MS), dispatcher.close(SENDS_END_MS)])
      },
    )
    if (demo !== null) closers.push(() => demo.endPages())
    await seedTemplates(parts, onlyOrganization, demo?.templates ?? openingTemplates(twilio))
    await demo?.seed(parts)
    await processes.start()
    await dispatcher.start()
    if (twilio !== null) {
      recovery.start()
      templateDesk.start()
    }
    snooze.start()
    mediaLoop.start()
    collectLoop.start()
    retentionLoop.start()
    hostWebhooks.start()
    await planLoop.start()
    campaignLoop.start()
    if (provider !== given.gateway && 'warm' in provider) void (provider as { warm(): Promise<void> }).warm().catch(() => {})
    return { url, parts, demo, polls, close }
  } catch (error) {
    await close()
    throw error
  }
}

/** Before everything is there: come again in a moment. Twilio and load balancers do. */
function answerStarting(_request: IncomingMessage, response: ServerResponse): void {
  response.writeHead(503, { 'content-type': 'application/problem+json', 'retry-after': '1' })
  response.end(JSON.stringify(problem('unavailable', 'Hilo is starting.')))
}

/** Loaded only where it is used. Processes on one database hear each other, those of another one not. */
async function openBell(url: string, database: string, log: Logger): Promise<Bell> {
  const { createRedisBell } = await import('./redis/redis-bell.ts')
  return createRedisBell({ url, channel: `hilo:${database}`, log })
}

function listen(server: Server, config: Config): Promise<string> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(config.port, config.host, () => {
      server.off('error', reject)
      const { port } = server.address() as AddressInfo
      const host = config.host === '0.0.0.0' || config.host === '::' ? '127.0.0.1' : config.host
      resolve(`http://${host.includes(':') ? `[${host}]` : host}:${port}`)
    })
  })
}

function publicUrlOf(config: Config, url: string): string {
  return config.port === 0 ? url : config.publicUrl
}

/** The same for the same place, so that a process that was killed is recognised when it starts again. */
function holderName(config: Config): string {
  return `${hostname()}:${config.port === 0 ? randomBytes(6).toString('hex') : config.port}`
}

function ownSenders(config: Config, twilio: TwilioSettings | null): OwnSender[] {
  if (twilio === null) return []
  const sms = twilio.phoneNumber ?? twilio.messagingServiceSid
  return [
    ...(twilio.whatsappNumber === null
      ? []
      : [{ channel: 'whatsapp', sender: twilio.whatsappNumber, ratePerSecond: config.whatsappRate } as const]),
    ...(sms === null ? [] : [{ channel: 'sms', sender: sms, ratePerSecond: config.smsRate } as const]),
  ]
}

function openingTemplates(twilio: TwilioSettings | null): readonly OpeningTemplate[] {
  return twilio?.whatsappNumber === SANDBOX_NUMBER ? sandboxTemplates : []
}

const noTemplates = { created: 0, changed: 0, gone: 0, unchanged: 0 }

/** Without credentials nothing is ever claimed: sends are refused with `no_sender` before they are entered. */
const absentGateway: Gateway = {
  send: async () => ({ kind: 'not_sent', detail: 'no Twilio credentials' }),
  listSent: async () => {
    throw new Error('No Twilio credentials are configured.')
  },
  listInbound: async () => ({ items: [], next: null, aheadMs: 0 }),
  listMedia: async () => [],
  listRecent: async () => [],
  fetchSent: async () => null,
  contentState: async () => null,
  listContents: async () => {
    throw new ListUnreadable('No Twilio credentials are configured.', null)
  },
  findContent: async () => null,
  createContent: async () => ({ kind: 'refused', detail: 'No Twilio credentials are configured.' }),
  askApproval: async () => ({ kind: 'refused', detail: 'No Twilio credentials are configured.' }),
  showTyping: async () => {},
}
