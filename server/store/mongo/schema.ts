// Collections and their indexes. Every unique index begins with the organization (the shard key). Indexes are made by
// the migrations, never on the way. Partial ones keep the hot writes cheap: most messages are not open, most
// conversations have nothing pending; a query must imply their filter word for word, or it does not use them.
import mongoose from 'mongoose'
import type {
  AddressDoc,
  AgentDoc,
  CallbackDoc,
  ContactDoc,
  CampaignDoc,
  ConversationDoc,
  CoordinationDoc,
  DeliveryDoc,
  DepartureDoc,
  KeptDoc,
  KeyDoc,
  LeaseDoc,
  LineDoc,
  MessageDoc,
  MetaDoc,
  MoveDoc,
  ProcessDoc,
  PushSubscriptionDoc,
  ReaderDoc,
  RecipientDoc,
  RecoveryDoc,
  SettingDoc,
  TaskDoc,
  TemplateChangesDoc,
  TemplateDoc,
} from './documents.ts'

const { Schema } = mongoose
const { Mixed } = Schema.Types
type Shape = Record<string, mongoose.SchemaDefinitionProperty>

const text = { type: String, required: true } as const
const maybeText = { type: String, default: null }
const number = { type: Number, required: true } as const
const maybeNumber = { type: Number, default: null }
const optOutFields = {
  optedOutAt: maybeNumber,
  optedOutBy: maybeText,
  marketingOutAt: maybeNumber,
  marketingOutBy: maybeText,
  optSaidAt: maybeNumber,
}
const flag = { type: Boolean }
const mixed = { type: Mixed }
const list = { type: [Mixed] }

function schema(collection: string, shape: Shape): mongoose.Schema {
  return new Schema({ _id: text, ...shape }, { collection, autoIndex: false, autoCreate: false, versionKey: false, minimize: false })
}

const messageShape: Shape = {
  orgId: text,
  conversationId: text,
  lineId: text,
  contactId: text,
  coordinationId: maybeText,
  seq: maybeNumber,
  ordinal: maybeNumber,
  key: text,
  direction: text,
  type: text,
  channel: text,
  sender: text,
  address: maybeText,
  phone: maybeText,
  author: mixed,
  text,
  location: mixed,
  contacts: mixed,
  button: mixed,
  template: maybeText,
  moved: mixed,
  arrived: mixed,
  referral: mixed,
  content: maybeText,
  replyToId: maybeText,
  forwarded: flag,
  status: text,
  delay: mixed,
  error: mixed,
  putAway: flag,
  erased: flag,
  planB: { type: String },
  retryOf: maybeText,
  fallbackOf: maybeText,
  twilioSid: maybeText,
  clientMessageId: maybeText,
  recovered: flag,
  listed: flag,
  sensitive: flag,
  dueAt: maybeNumber,
  expiresAt: maybeNumber,
  expiresInMs: maybeNumber,
  createdAt: number,
  sentAt: maybeNumber,
  deliveredAt: maybeNumber,
  readAt: maybeNumber,
  failedAt: maybeNumber,
  price: mixed,
  media: list,
  mediaDue: { type: Number },
  lane: number,
  cost: number,
  queuedAt: number,
  enteredAt: Date,
  entry: number,
  notBefore: maybeNumber,
  attempt: number,
  claimedAt: maybeNumber,
  firstClaimedAt: maybeNumber,
  leaseUntil: maybeNumber,
  fence: maybeNumber,
  open: flag,
  echo: flag,
  statusBy: { type: String },
  hidden: flag,
  entering: flag,
  rev: number,
  changedAt: Date,
  placedAt: Date,
}

const messages = schema('messages', messageShape)
messages.index({ orgId: 1, key: 1 }, { unique: true })
messages.index({ orgId: 1, conversationId: 1, seq: 1 }, { unique: true })
messages.index({ orgId: 1, twilioSid: 1 }, { unique: true, partialFilterExpression: { twilioSid: { $gt: '' } } })
messages.index({ orgId: 1, conversationId: 1, changedAt: 1 })
messages.index({ orgId: 1, changedAt: 1 })
messages.index({ orgId: 1, contactId: 1, createdAt: -1, _id: -1 })
messages.index({ orgId: 1, contactId: 1, queuedAt: -1 }, { partialFilterExpression: { direction: 'outbound' } })
messages.index({ orgId: 1, coordinationId: 1, createdAt: -1, _id: -1 })
messages.index({ lineId: 1, enteredAt: 1, entry: 1 }, { partialFilterExpression: { open: true } })
messages.index({ orgId: 1, sender: 1, queuedAt: 1 }, { partialFilterExpression: { open: true } })
messages.index({ orgId: 1, claimedAt: 1, _id: 1 }, { partialFilterExpression: { claimedAt: { $gt: 0 } } })
messages.index({ mediaDue: 1 }, { partialFilterExpression: { mediaDue: { $gt: 0 } } })
messages.index({ 'media.hash': 1 }, { partialFilterExpression: { 'media.hash': { $gt: '' } } })
messages.index({ sensitive: 1, _id: 1 }, { partialFilterExpression: { sensitive: true, text: { $gt: '' } } })
messages.index({ changedAt: 1 }, { partialFilterExpression: { echo: true }, name: 'echo' })

const scheduled = schema('scheduled', messageShape)
scheduled.index({ status: 1, dueAt: 1 })
scheduled.index({ orgId: 1, conversationId: 1 })
scheduled.index({ 'media.hash': 1 }, { partialFilterExpression: { 'media.hash': { $gt: '' } } })
scheduled.index({ orgId: 1, changedAt: 1 })
scheduled.index({ orgId: 1, contactId: 1, createdAt: -1, _id: -1 })
scheduled.index({ orgId: 1, coordinationId: 1, createdAt: -1, _id: -1 })

// The ways into the message log, each in the order of time. Both channels merged are the whole log.
const newestFirst = { createdAt: -1, _id: -1 } as const
/** Agents, automations and campaigns: the other kinds come behind `contact` in the alphabet, or are it. */
export const ownAuthors = { 'author.type': { $lt: 'contact' } } as const
for (const one of [messages, scheduled]) {
  one.index({ orgId: 1, channel: 1, ...newestFirst })
  one.index({ orgId: 1, status: 1, ...newestFirst })
  one.index({ orgId: 1, 'author.id': 1, ...newestFirst }, { partialFilterExpression: ownAuthors })
  one.index({ orgId: 1, 'author.type': 1, ...newestFirst }, { partialFilterExpression: ownAuthors })
  one.index({ orgId: 1, 'error.code': 1, ...newestFirst }, { partialFilterExpression: { status: 'failed' } })
  one.index({ orgId: 1, 'error.reason': 1, ...newestFirst }, { partialFilterExpression: { status: 'failed' } })
}
messages.index({ orgId: 1, direction: 1, ...newestFirst }, { partialFilterExpression: { direction: 'internal' } })

const conversations = schema('conversations', {
  orgId: text,
  lineId: text,
  channel: text,
  sender: text,
  contactId: text,
  coordinationId: maybeText,
  status: text,
  snoozedUntil: maybeNumber,
  assignee: mixed,
  inboundCount: number,
  answeredCount: number,
  unanswered: { type: Number },
  awaitingSince: maybeNumber,
  lastSeq: number,
  lastMessage: mixed,
  failures: list,
  activityAt: maybeNumber,
  tags: [String],
  contactName: text,
  address: text,
  phone: maybeText,
  lastInboundAt: maybeNumber,
  ...optOutFields,
  record: mixed,
  hint: mixed,
  contactRev: number,
  recordRev: number,
  lastEnteredAt: Date,
  lastAnswer: mixed,
  otherAnswer: mixed,
  recent: [String],
  pending: list,
  work: list,
  pendingSince: Date,
  gone: mixed,
  rev: number,
  changedAt: Date,
  createdAt: number,
  updatedAt: number,
})
const hasPending = { pendingSince: { $exists: true } }
conversations.index({ orgId: 1, channel: 1, sender: 1, contactId: 1, coordinationId: 1 }, { unique: true })
conversations.index({ orgId: 1, activityAt: -1, _id: -1 })
conversations.index({ orgId: 1, coordinationId: 1, activityAt: -1 })
conversations.index({ orgId: 1, contactId: 1, activityAt: -1 })
conversations.index({ orgId: 1, changedAt: 1 })
conversations.index({ orgId: 1, awaitingSince: 1, _id: 1 }, { partialFilterExpression: { awaitingSince: { $gt: 0 } } })
conversations.index({ snoozedUntil: 1 }, { partialFilterExpression: { snoozedUntil: { $gt: 0 } } })
conversations.index({ orgId: 1, unanswered: 1 }, { partialFilterExpression: { unanswered: { $gt: 0 } } })
conversations.index({ orgId: 1, 'assignee.id': 1, activityAt: -1 }, { partialFilterExpression: { 'assignee.id': { $exists: true } } })
// For the numbers beside the inbox's filters; no times in them, so that a message leaves them as they are.
conversations.index(
  { orgId: 1, 'assignee.id': 1, coordinationId: 1 },
  { partialFilterExpression: { status: 'open', activityAt: { $gt: 0 } } },
)
conversations.index({ orgId: 1, status: 1 }, { partialFilterExpression: { status: 'snoozed', activityAt: { $gt: 0 } } })
conversations.index({ orgId: 1, 'failures.messageId': 1 }, { partialFilterExpression: { 'failures.0': { $exists: true } } })
conversations.index({ orgId: 1, tags: 1 }, { partialFilterExpression: { 'tags.0': { $exists: true } } })
conversations.index({ orgId: 1, 'hint.coordinationId': 1 }, { partialFilterExpression: { 'hint.coordinationId': { $exists: true } } })
conversations.index({ orgId: 1, lineId: 1, pendingSince: 1 }, { partialFilterExpression: hasPending })
conversations.index({ pendingSince: 1 }, { partialFilterExpression: hasPending })

const lines = schema('lines', {
  orgId: text,
  channel: text,
  sender: text,
  contactId: text,
  key: text,
  address: text,
  phone: maybeText,
  lastInboundAt: maybeNumber,
  ...optOutFields,
  lastRecord: mixed,
  lastRecordAt: number,
})
lines.index({ orgId: 1, channel: 1, sender: 1, key: 1 }, { unique: true })
lines.index({ orgId: 1, contactId: 1 })
lines.index({ orgId: 1, _id: 1 }, { partialFilterExpression: { optSaidAt: { $gt: 0 } } })

const contacts = schema('contacts', {
  orgId: text,
  name: text,
  nameSource: text,
  sortName: text,
  externalId: maybeText,
  addresses: list,
  keys: [String],
  attributes: text,
  conflict: maybeText,
  tags: [String],
  rev: number,
  createdAt: number,
  updatedAt: number,
})
contacts.index({ orgId: 1, sortName: 1, _id: 1 })
contacts.index({ orgId: 1, externalId: 1 }, { partialFilterExpression: { externalId: { $gt: '' } } })

const coordinations = schema('coordinations', {
  orgId: text,
  id: text,
  title: text,
  contact: mixed,
  phoneKeys: [String],
  startsAt: maybeText,
  timezone: maybeText,
  url: maybeText,
  status: text,
  agent: mixed,
  data: text,
  provisional: Boolean,
  nextDueAt: Number,
  plan: String,
  planRev: Number,
  rev: number,
  changedAt: Date,
  createdAt: number,
  updatedAt: number,
})
coordinations.index({ orgId: 1, id: 1 }, { unique: true })
coordinations.index({ orgId: 1, phoneKeys: 1 })
coordinations.index({ orgId: 1, updatedAt: -1, id: -1 })
coordinations.index({ orgId: 1, changedAt: 1 })
coordinations.index({ nextDueAt: 1 }, { sparse: true })

const readers = schema('readers', {
  orgId: text,
  agentId: text,
  conversationId: text,
  readCount: number,
  readSeq: number,
  changedAt: Date,
})
readers.index({ orgId: 1, agentId: 1, changedAt: 1 })
readers.index({ orgId: 1, changedAt: 1 })
readers.index({ orgId: 1, conversationId: 1, agentId: 1 }, { unique: true })

const departures = schema('departures', {
  orgId: text,
  conversationId: text,
  from: maybeText,
  to: maybeText,
  gone: flag,
  changedAt: Date,
})
departures.index({ orgId: 1, changedAt: 1 })

const callbacks = schema('callbacks', {
  orgId: text,
  twilioSid: text,
  messageId: maybeText,
  status: text,
  failure: mixed,
  at: number,
  price: mixed,
  heldAt: Date,
})
// Those of SIDs that never become ours were sent by other programs.
callbacks.index({ heldAt: 1 }, { expireAfterSeconds: 3 * 24 * 60 * 60 })
callbacks.index({ orgId: 1, twilioSid: 1, status: 1 }, { unique: true })

const moves = schema('moves', { orgId: text, state: text, to: maybeText, parts: list, by: mixed, at: number, undo: mixed })
moves.index({ state: 1, _id: 1 })
moves.index({ orgId: 1, 'parts.messages.id': 1 })

const addresses = schema('addresses', { orgId: text, contactId: text })
const keys = schema('keys', { orgId: text, messageId: text, conversationId: text, coordinationId: maybeText })
/** Kept under the name of before, so that a server of an older version sees them too. */
const leases = schema('senders', { orgId: text, leaseBy: maybeText, leaseUntil: Date, fence: number })
const tasks = schema('tasks', { orgId: text, at: Date, now: number, contactId: maybeText, moved: list, records: maybeText })
const recoveries = schema('recoveries', { startedAt: number, position: number, statusesAt: number })
const meta = schema('meta', { version: number, migratingFrom: { type: Number } })

const agents = schema('agents', {
  orgId: text,
  agentId: text,
  name: text,
  presence: text,
  settings: mixed,
  seenAt: number,
  changedAt: Date,
})
agents.index({ orgId: 1, seenAt: -1 })
agents.index({ orgId: 1, changedAt: 1 })
const pushSubscriptions = schema('pushSubscriptions', {
  orgId: text,
  agentId: text,
  endpoint: text,
  p256dh: text,
  auth: text,
  scope: mixed,
  locale: text,
  page: text,
  expiresAt: Date,
})
pushSubscriptions.index({ orgId: 1 })
pushSubscriptions.index({ expiresAt: 1 }, { expireAfterSeconds: 0 })
const templates = schema('templates', {
  orgId: text,
  name: text,
  language: text,
  contentSid: { type: String },
  approved: flag,
  template: text,
  rev: number,
  updatedAt: number,
})
templates.index({ orgId: 1, name: 1, language: 1 }, { unique: true })
templates.index({ orgId: 1, contentSid: 1 }, { partialFilterExpression: { contentSid: { $exists: true } } })
templates.index({ orgId: 1, approved: 1, name: 1, language: 1 })
const templateChanges = schema('templateChanges', { orgId: text, changes: number, changedAt: Date })
const settings = schema('settings', {
  orgId: text,
  kind: text,
  name: text,
  value: text,
  rev: number,
  createdAt: number,
  updatedAt: number,
})
settings.index({ orgId: 1, kind: 1, name: 1 }, { unique: true })
const deliveries = schema('deliveries', {
  orgId: text,
  webhook: text,
  key: text,
  dueAt: { type: Number },
  rev: number,
  createdAt: number,
  delivery: text,
})
deliveries.index({ orgId: 1, webhook: 1, key: 1 }, { unique: true })
deliveries.index({ orgId: 1, webhook: 1, dueAt: 1 }, { partialFilterExpression: { dueAt: { $exists: true } } })
deliveries.index({ orgId: 1, webhook: 1, createdAt: -1, _id: -1 })
const campaigns = schema('campaigns', { orgId: text, key: text, lookAt: { type: Number }, rev: number, createdAt: number, campaign: text })
campaigns.index({ orgId: 1, key: 1 }, { unique: true })
campaigns.index({ lookAt: 1 }, { partialFilterExpression: { lookAt: { $exists: true } } })
campaigns.index({ orgId: 1, createdAt: -1, _id: -1 })
campaigns.index({ orgId: 1, _id: 1 })
const recipients = schema('recipients', {
  orgId: text,
  campaignId: text,
  key: text,
  state: text,
  dueAt: { type: Number },
  recipient: text,
})
recipients.index({ orgId: 1, campaignId: 1, key: 1 }, { unique: true })
recipients.index({ orgId: 1, campaignId: 1, _id: 1 })
recipients.index({ orgId: 1, campaignId: 1, state: 1, _id: 1 })
recipients.index({ orgId: 1, campaignId: 1, dueAt: 1, _id: 1 }, { partialFilterExpression: { dueAt: { $exists: true } } })
recipients.index({ orgId: 1, _id: 1 })
const kept = schema('kept', { value: text })
const processes = schema('processes', { until: Date })
// Leftovers of a process that was killed long ago.
processes.index({ until: 1 }, { expireAfterSeconds: 60 * 60 })

/** Every collection by its name, with its indexes. */
export const schemas = {
  messages,
  scheduled,
  conversations,
  lines,
  contacts,
  addresses,
  coordinations,
  keys,
  senders: leases,
  callbacks,
  readers,
  departures,
  moves,
  tasks,
  recoveries,
  meta,
  agents,
  pushSubscriptions,
  templates,
  templateChanges,
  settings,
  deliveries,
  campaigns,
  recipients,
  kept,
  processes,
}

/** The fields of each collection. Reads and writes go to the driver: plain objects in and out. */
export interface Collections {
  messages: mongoose.mongo.Collection<MessageDoc>
  scheduled: mongoose.mongo.Collection<MessageDoc>
  conversations: mongoose.mongo.Collection<ConversationDoc>
  lines: mongoose.mongo.Collection<LineDoc>
  contacts: mongoose.mongo.Collection<ContactDoc>
  addresses: mongoose.mongo.Collection<AddressDoc>
  coordinations: mongoose.mongo.Collection<CoordinationDoc>
  keys: mongoose.mongo.Collection<KeyDoc>
  leases: mongoose.mongo.Collection<LeaseDoc>
  callbacks: mongoose.mongo.Collection<CallbackDoc>
  readers: mongoose.mongo.Collection<ReaderDoc>
  departures: mongoose.mongo.Collection<DepartureDoc>
  moves: mongoose.mongo.Collection<MoveDoc>
  tasks: mongoose.mongo.Collection<TaskDoc>
  recoveries: mongoose.mongo.Collection<RecoveryDoc>
  meta: mongoose.mongo.Collection<MetaDoc>
  agents: mongoose.mongo.Collection<AgentDoc>
  pushSubscriptions: mongoose.mongo.Collection<PushSubscriptionDoc>
  templates: mongoose.mongo.Collection<TemplateDoc>
  templateChanges: mongoose.mongo.Collection<TemplateChangesDoc>
  settings: mongoose.mongo.Collection<SettingDoc>
  deliveries: mongoose.mongo.Collection<DeliveryDoc>
  campaigns: mongoose.mongo.Collection<CampaignDoc>
  recipients: mongoose.mongo.Collection<RecipientDoc>
  kept: mongoose.mongo.Collection<KeptDoc>
  processes: mongoose.mongo.Collection<ProcessDoc>
}

export function openCollections(connection: mongoose.Connection): Collections {
  const { db } = connection
  if (!db) throw new Error('The MongoDB connection has no database.')
  const of = <T extends mongoose.mongo.Document>(name: keyof typeof schemas) => db.collection<T>(name)
  return {
    messages: of('messages'),
    scheduled: of('scheduled'),
    conversations: of('conversations'),
    lines: of('lines'),
    contacts: of('contacts'),
    addresses: of('addresses'),
    coordinations: of('coordinations'),
    keys: of('keys'),
    leases: of('senders'),
    callbacks: of('callbacks'),
    readers: of('readers'),
    departures: of('departures'),
    moves: of('moves'),
    tasks: of('tasks'),
    recoveries: of('recoveries'),
    meta: of('meta'),
    agents: of('agents'),
    pushSubscriptions: of('pushSubscriptions'),
    templates: of('templates'),
    templateChanges: of('templateChanges'),
    settings: of('settings'),
    deliveries: of('deliveries'),
    campaigns: of('campaigns'),
    recipients: of('recipients'),
    kept: of('kept'),
    processes: of('processes'),
  }
}
