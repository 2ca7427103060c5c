// Handed to use cases: the ports and the few things that every one needs. Composed in server.ts alone.
import type { Logger } from 'pino'
import type { IncomingMessage } from 'node:http'
import type { CampaignCounts } from '../shared/campaigns.ts'
import type { Channel, OwnSettings, Coordination, Message, Role, TemplateCounts, TemplatesStatus, Upload } from '../shared/model.ts'
import type { CampaignEvent, ReadCursor } from '../shared/events.ts'
import type { TemplateSubmission } from '../shared/template-requests.ts'
import type { Clock } from './clock.ts'
import type { Config } from './config.ts'
import type { NewId } from './ids.ts'
import type { Organization } from './organizations.ts'
import type { News } from './processes/news.ts'
import type { Hears } from './rules/audience.ts'
import type { Campaign } from './rules/campaign.ts'
import type { Fetched, KeptFile } from './rules/media.ts'
import type { WaitingLine } from './rules/what-follows.ts'
import type { ConversationState, TemplateRecord, Told, Viewer } from './store/records.ts'
import type { Store } from './store/store.ts'
import type { PushGateway } from './team/push-gateway.ts'

/** Who calls, as the verified token says. */
export interface Caller extends Viewer {
  name: string
  role: Role
  /** When the token ends, ms. */
  expiresAt: number
}

/** Who is told. `viewers`: only those who show that conversation. */
export interface Audience {
  message(message: Message): Hears
  row(row: ConversationState): Hears
}

/** The one way to the browsers; the realtime part implements it. Returns at once, sends at the end of the turn. */
export interface Publish {
  /** Called by `tell` alone, which knows the audience. */
  changes(changes: Told, audience: Audience): void
  /** An agent's own read cursor, to that agent's own sockets. */
  cursor(orgId: string, agentId: string, cursor: ReadCursor): void
  coordination(orgId: string, coordination: Coordination): void
  /** Templates changed. */
  templates(orgId: string): void
  /** Something about our senders changed. */
  channels(orgId: string): void
  /** The organization's time zone or language. To this process's own sockets: each process finds them itself. */
  organization(orgId: string): void
  /** An agent's settings, to that agent's own browsers. */
  settings(orgId: string, agentId: string, settings: OwnSettings): void
  /** How a campaign goes, to supervisors. */
  campaign(orgId: string, event: CampaignEvent): void
  /** An agent came, went or chose another presence. */
  agent(orgId: string, agentId: string): void
}

/** Those who have no page open are told of a client's message, too. */
export interface NotifyAgents {
  /** Returns at once. */
  inbound(orgId: string, message: Message, conversation: ConversationState): void
  /** Their subscriptions changed. */
  changed(orgId: string): void
}

/** The other processes on the same store. */
export interface Others {
  /** Returns at once. What does not reach them so, they find in the store's feed. */
  tell(news: News): void
}

/** The dispatcher, as the use cases that enter messages see it. */
export interface Dispatch {
  /** This line has something new to send. */
  wake(line: WaitingLine): void
  /** The message that held this line up has a SID or an end. */
  release(lineId: string): void
  /** A message was scheduled for then. */
  schedule(dueAt: number): void
  /** Resolves when the message is no longer waiting to be sent (SID or failure), or after `timeoutMs`. */
  settled(messageId: string, timeoutMs: number): Promise<void>
  /** A message reached a SID or an end. */
  settle(messageId: string): void
  /** A message came with something that is to be fetched. */
  fetchMedia(): void
}

/** Twilio's list of contents, as the use cases see it. */
export interface TwilioTemplates {
  /** Something changed at Twilio: read again in a moment. Returns at once. */
  soon(orgId: string): void
  /** Reads all of it now. @throws DomainError `no_sender`, `unavailable`. */
  sync(orgId: string): Promise<TemplateCounts>
  /** @throws DomainError as `submitTemplate`. */
  submit(orgId: string, name: string, wanted: TemplateSubmission): Promise<Submitted>
  status(orgId: string): TemplatesStatus
}
export interface Submitted {
  template: TemplateRecord
  /** False: it had been asked for before. */
  isNew: boolean
}

/** Files that are to go out: each is kept before a message names it. */
export interface Uploads {
  /** Takes the file of a form; throws DomainError `unsupported_media`, `payload_too_large` or `validation_failed`. */
  receive(request: IncomingMessage, orgId: string): Promise<Upload>
  /** What an id is of; null: none of this organization, or not kept any more. */
  find(orgId: string, id: string): Promise<KeptFile | null>
  /** From an address that the host or an agent named. */
  fetch(url: string, channel: Channel): Promise<Fetched>
}

/** The plan loop, as the use cases that change records and threads see it. */
export interface Automations {
  /** The plan of some record changed: what is due is looked for. Returns at once. */
  planned(): void
  /** Something was said in the threads of these records. Returns at once. */
  spoke(orgId: string, coordinationIds: readonly string[]): void
  /** Rules changed. Returns at once. */
  changed(): void
  /** The organization's time zone, calendars or holidays are others, as far as this process knows. Returns at once. */
  termsChanged(orgId: string): void
}

/** What the host is told, as the use cases that set it up see it. */
export interface Webhooks {
  /** One was saved or forgotten. Returns at once. */
  changed(): void
}

/** The campaign loop, as the use cases that change campaigns see it. */
export interface Campaigns {
  /** Some campaign changed: those that run are looked for. Returns at once. */
  changed(): void
  /** What became of its recipients, of each arm; who asks again soon gets the same. */
  count(orgId: string, campaign: Campaign): Promise<readonly CampaignCounts[]>
}

export interface Parts {
  /** Of the process; what an organization may have its own of is asked of it. */
  config: Config
  store: Store
  clock: Clock
  newId: NewId
  log: Logger
  /** @throws DomainError `forbidden` for one that does not exist. */
  organizationOf(orgId: string): Organization
  organizations: readonly Organization[]
  publish: Publish
  dispatch: Dispatch
  automations: Automations
  webhooks: Webhooks
  campaigns: Campaigns
  others: Others
  /** Whether the agent has a page open, here or, as far as is known, at another process. */
  connected(orgId: string, agentId: string): boolean
  /** Where a thing that a client sent is fetched by whoever was given this address; the same for all, and for a day or two. */
  mediaUrl(itemId: string): string
  /** Of the small picture of one that has one; null: this machine makes none. */
  previewUrl?: ((itemId: string) => string) | null
  uploads: Uploads
  notify: NotifyAgents
  push: PushGateway
  templates: TwilioTemplates
}
