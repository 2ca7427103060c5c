// A small run that is right in everything: one client, two agents, every kind of message; what comparisons say of it is
// nothing. Made anew for each seeded difference, which then changes it.
import { hash } from 'node:crypto'
import type { Message, OwnConversation, Unread } from '../../shared/model.ts'
import { renderTemplate } from '../../shared/templates.ts'
import { bytesOf } from '../../server/simulator/camera-roll.ts'
import type { RefusedSend } from '../../server/simulator/message-log.ts'
import type { SimulatedMessage, TwilioStatus } from '../../server/simulator/simulated-message.ts'
import { statusOf } from '../../server/twilio/statuses.ts'
import type { TakenSend } from './agents.ts'
import type { Seen } from './client-view.ts'
import { createClockHistory } from './clock-history.ts'
import type { Heard } from './heard.ts'
import { createJournal } from './journal.ts'
import type { Strike } from './strikes.ts'
import { TEMPLATE } from './traffic.ts'
import type { Answered } from './what-was-due.ts'
import type { WidgetHeld } from './widget-view.ts'

const NEVER = Number.POSITIVE_INFINITY
const START = Date.UTC(2026, 2, 2, 10)
/** A second of the run. */
export const second = (n: number): number => START + Math.round(n * 1000)
export const date = (n: number): string => new Date(second(n)).toISOString()
/** The second client: one open record. */
const address = '+5491177001001'
const record = 'open-1-1'
const sender = '+14155238886'
const variables = { date: 'el 3/12', time: '5pm' }

const mediaItem = (id: string): Message['media'][number] => ({
  ...{ id, url: '', contentType: 'image/jpeg', filename: null, size: 10, state: 'ready' },
})

type Over = Partial<Message> & Pick<Message, 'id'>

function message(over: Over, at: number): Message {
  const inbound = over.direction === 'inbound'
  return {
    conversationId: 'c1',
    coordinationId: record,
    seq: null,
    direction: 'outbound',
    type: 'text',
    channel: 'whatsapp',
    author: inbound ? { type: 'contact', id: null, name: 'Ana' } : { type: 'agent', id: 'agent-1', name: 'Luis' },
    text: over.id,
    media: [],
    replyToId: null,
    forwarded: false,
    status: inbound ? 'received' : 'sending',
    delay: null,
    error: null,
    retryOf: null,
    fallbackOf: null,
    twilioSid: null,
    clientMessageId: over.direction === undefined && over.retryOf === undefined ? `client-${over.id}` : null,
    recovered: false,
    sensitive: false,
    dueAt: null,
    expiresAt: null,
    createdAt: date(at),
    sentAt: null,
    deliveredAt: null,
    readAt: null,
    failedAt: null,
    price: null,
    rev: 1,
    ...over,
  }
}

function simulated(over: Partial<SimulatedMessage> & Pick<SimulatedMessage, 'sid'>, at: number): SimulatedMessage {
  return {
    direction: 'outbound-api',
    channel: 'whatsapp',
    from: sender,
    to: address,
    service: null,
    body: '',
    contentSid: null,
    variables: null,
    mediaUrls: [],
    mediaTypes: [],
    shots: [],
    mediaCalls: [],
    mediaHashes: [],
    parameters: {},
    ignored: [],
    discarded: false,
    feedback: null,
    deletedMedia: new Set(),
    statusCallback: null,
    at: second(at),
    updatedAt: second(at),
    sentAt: null,
    listedAt: second(at),
    status: 'queued',
    statuses: [],
    callbacks: [],
    errorCode: null,
    lost: null,
    lostCallbacks: 0,
    phone: address,
    arrived: false,
    quote: null,
    webhook: null,
    seen: false,
    automatic: false,
    deleted: false,
    ...over,
  }
}

export interface AgreeingSides extends ReturnType<typeof agreeingSides> {}

export function agreeingSides() {
  const journal = createJournal()
  const stored: Message[] = []
  const inbound: SimulatedMessage[] = []
  const accepted: SimulatedMessage[] = []
  const taken: TakenSend[] = []

  const write = (id: string, at: number, over: Partial<Message> = {}, quotes: string | null = null) => {
    const sid = `SM${id}`
    stored.push(message({ id, direction: 'inbound', twilioSid: sid, replyToId: quotes, ...over }, at + 0.05))
    const quote = quotes === null ? null : `SM${quotes}`
    inbound.push(
      simulated({ sid, direction: 'inbound', from: address, to: sender, body: id, status: 'received', webhook: 'accepted', quote }, at),
    )
    const written = { sid, webhook: 'accepted', httpStatus: 200 } as const
    journal.writes.push({ ...written, phone: 1, channel: 'whatsapp', from: second(at), to: second(at + 0.1), quotes })
  }
  const take = (one: Message, at: number) => {
    const { id: messageId, text, conversationId, coordinationId, replyToId, template = null } = one
    const entry = { messageId, text, conversationId, coordinationId, replyToId, template, clientMessageId: one.clientMessageId ?? '' }
    taken.push({ ...entry, file: null, agentId: one.author.id ?? '', askedAt: second(at), takenAt: second(at + 0.2) })
    return taken.at(-1) as TakenSend
  }
  const enter = (over: Over, at: number, asked = true) => {
    const one = message(over, at + 0.1)
    stored.push(one)
    return asked ? take(one, at) : null
  }
  /** Twilio takes it and tells of each status. */
  const goes = (id: string, at: number, last: 'delivered' | 'undelivered') => {
    const kept = stored.find((one) => one.id === id) as Message
    const steps = (['sent', last] as const).map((status: TwilioStatus, index) => ({ status, at: second(at + 0.2 + index * 0.4) }))
    const content =
      kept.template === undefined ? null : { contentSid: TEMPLATE.contentSid, variables: { '1': variables.date, '2': variables.time } }
    accepted.push({
      ...simulated(
        { sid: `SM${id}`, body: kept.text, statusCallback: `https://inbox.example.com/webhooks/twilio/status/${id}`, ...content },
        at,
      ),
      status: last,
      statuses: [{ status: 'queued', at: second(at) }, ...steps],
      callbacks: steps.map((step) => ({ ...step, end: 'accepted', endedAt: step.at + 100 })),
      errorCode: last === 'undelivered' ? 63024 : null,
    })
    const [sentAt, endedAt] = steps.map((step) => new Date(step.at + 50).toISOString()) as [string, string]
    const end = { price: { amount: 0.005, currency: 'USD', estimated: false }, twilioSid: `SM${id}`, rev: 5, sentAt }
    if (last === 'delivered') Object.assign(kept, end, { status: 'delivered', deliveredAt: endedAt })
    else
      Object.assign(kept, end, {
        status: 'failed',
        failedAt: endedAt,
        error: { code: 63024, reason: 'blocked', message: '', action: 'none' },
      })
  }

  write('i1', 1, { seq: 1 })
  const first = enter({ id: 'o1', seq: 2 }, 2)
  if (first !== null) journal.guarded.push({ ...first, since: 1 })
  goes('o1', 2.5, 'delivered')
  write('i2', 4, { seq: 3 }, 'o1')
  const note = enter({ id: 'n1', seq: 4, direction: 'internal', type: 'note', status: 'received', clientMessageId: 'client-n1' }, 5)
  if (note !== null) journal.notes.push(note)
  const template = { name: TEMPLATE.name, language: TEMPLATE.language, variables }
  const text = renderTemplate(TEMPLATE.body, variables)
  enter({ id: 'o2', seq: 5, type: 'template', template, text }, 6)
  goes('o2', 6.5, 'undelivered')
  enter({ id: 'o3', seq: 6, type: 'template', template, text, retryOf: 'o2' }, 8, false)
  journal.retries.push({ of: 'o2', newId: 'o3', askedAt: second(8), takenAt: second(8.2), knowingly: false })
  goes('o3', 8.5, 'delivered')
  for (const [id, seq] of [
    ['p1', null],
    ['p2', 7],
  ] as const) {
    const planned = enter({ id, seq, dueAt: date(12) }, 10)
    if (planned !== null) journal.later.push({ ...planned, sendAt: date(12) })
  }
  Object.assign(stored.find((one) => one.id === 'p1') as Message, { status: 'canceled' })
  journal.cancels.set('p1', 'canceled')
  goes('p2', 12.1, 'delivered')
  // Came into the unfiled thread, and was moved to the record's.
  write('x1', 14, { seq: 8 })
  const moved = { to: record, from: null, messages: [{ id: 'x1', seq: 1 }], undoId: null }
  stored.push(
    message(
      { id: 'l1', conversationId: 'c2', coordinationId: record, seq: 1, direction: 'internal', type: 'moved', status: 'received', moved },
      15,
    ),
  )
  const old = [{ id: 'x1', conversationId: 'c2', seq: 1 }]
  const asked = { from: second(14.8), to: second(15) }
  journal.moves.push({ ids: ['x1'], from: null, to: record, old, asked, undoAsked: null, made: true, undone: false, undoId: 'u1' })
  const labels = { tags: ['vip'], assigneeId: 'agent-2' }
  journal.labels.set('c1', [labels])
  journal.collided.push({ conversationId: 'c1', agentId: 'agent-2', since: 1, from: second(30), to: second(30) })

  // A client's photo, and a file that an agent sent.
  Object.assign(stored.find((one) => one.id === 'i2') as Message, { media: [mediaItem('i2-0')] })
  Object.assign(inbound.find((one) => one.sid === 'SMi2') as SimulatedMessage, {
    shots: ['photo'],
    mediaCalls: [{ index: 0, at: second(4.2), end: 'whole', endedAt: second(4.3) }],
  })
  Object.assign(stored.find((one) => one.id === 'o1') as Message, { media: [mediaItem('o1-0')] })
  Object.assign(taken.find((one) => one.messageId === 'o1') as TakenSend, { file: 'sent' })
  Object.assign(accepted.find((one) => one.sid === 'SMo1') as SimulatedMessage, { sentAt: second(2.7), mediaHashes: ['sent'] })
  const bytes = new Map([
    ['i2-0', hash('sha256', bytesOf('photo'))],
    ['o1-0', 'sent'],
  ])
  // For two seconds the client wanted no more messages.
  for (const [sid, out, at] of [
    ['SMs1', true, 16],
    ['SMs2', false, 18],
  ] as const)
    journal.optOuts.push({
      ...{ sid, webhook: 'accepted', httpStatus: 200, phone: 1, channel: 'whatsapp', quotes: null, out },
      ...{ from: second(at), to: second(at + 0.1) },
    })

  const threads = new Map(['c1', 'c2'].map((id) => [id, stored.filter((one) => one.conversationId === id && one.seq !== null)]))
  const last = (id: string) => {
    const one = threads.get(id)?.findLast(({ direction }) => direction !== 'internal')
    if (one === undefined) return null
    const { seq, direction, type, author, text, status, createdAt } = one
    return { id: one.id, seq: seq ?? 0, direction, type, author, text, status, createdAt }
  }
  const rowOf = (id: string, inboundCount: number, answeredCount: number, read: number): OwnConversation => ({
    id,
    channel: 'whatsapp',
    sender,
    contact: { id: 'k1', name: 'Ana', phone: address, address },
    coordinationId: id === 'c1' ? record : null,
    coordination: null,
    status: 'open',
    snoozedUntil: null,
    assignee: id === 'c1' ? { id: 'agent-2', name: 'Sol' } : null,
    inboundCount,
    answeredCount,
    awaitingReplySince: inboundCount > answeredCount ? date(14) : null,
    window: { open: true, expiresAt: date(80_000) },
    optedOut: false,
    canReply: true,
    hint: null,
    lastMessage: last(id),
    failures: [],
    lastSeq: threads.get(id)?.length ?? 0,
    activityAt: date(14),
    tags: id === 'c1' ? ['vip'] : [],
    rev: 9,
    createdAt: date(1),
    updatedAt: date(15),
    readCount: read,
    readSeq: read,
    unread: Math.max(0, inboundCount - Math.max(answeredCount, read)),
  })
  const unread: Unread = { version: 3, total: 1, conversations: 1, awaitingReply: 1 }
  const sideOf = (id: string, read: number) => ({
    id,
    rows: [rowOf('c1', 3, 2, read), rowOf('c2', 1, 1, 0)],
    reads: new Map([['c1', read]]),
    unread: { ...unread },
  })
  const agents = [sideOf('agent-1', 1), sideOf('agent-2', 0)]
  const { rows } = agents[0] as (typeof agents)[number]
  const seen: Seen = {
    conversations: new Map(rows.map(({ unread: _unread, readCount: _count, readSeq: _seq, ...row }) => [row.id, row])),
    messages: new Map(stored.map((one) => [one.id, { ...one }])),
    cursors: new Map([['c1', { conversationId: 'c1', readCount: 1, readSeq: 1 }]]),
    unread: { ...unread },
  }
  const held: WidgetHeld = {
    link: 'online',
    errors: [],
    unread: { ...unread },
    rows: new Map(rows.map((row) => [row.id, { ...row }])),
    threads: new Map([['c1', (threads.get('c1') ?? []).map((one) => ({ ...one }))]]),
  }
  const answered: Answered[] = [
    {
      what: 'a message of an agent',
      askedAt: second(2),
      answeredAt: second(2.2),
      first: true,
      messages: [{ ...(stored.find((one) => one.id === 'o1') as Message), status: 'queued', rev: 1 }],
      conversation: { id: 'c1', rev: 2 },
    },
    {
      what: 'reading',
      askedAt: second(3.5),
      answeredAt: second(3.6),
      first: true,
      read: { agentId: 'agent-1', conversationId: 'c1', readSeq: 1 },
    },
  ]

  return {
    accepted,
    inbound,
    refused: [] as RefusedSend[],
    stored,
    rows,
    taken,
    journal,
    discarded: new Set<string>(),
    bytes,
    strikes: [] as Strike[],
    clock: createClockHistory(),
    threads,
    agents,
    seen,
    held,
    unread,
    answered,
    clients: [hear(stored, accepted, journal.writes)],
    addresses: ['+5491177001000', address],
    now: second(900),
    calmAt: second(20),
    offsetMs: 0,
  }
}

/** One client that heard all of it at once. */
function hear(stored: readonly Message[], accepted: readonly SimulatedMessage[], writes: readonly { sid: string; to: number }[]): Heard {
  const client: Heard = {
    client: 'the view of agent-1',
    agentId: 'agent-1',
    holdsAll: true,
    messages: new Map(),
    sids: new Map(writes.map(({ sid, to }) => [sid, to])),
    rows: new Map([['c1', [{ at: second(2.2), rev: 2, lastSeq: 2, lastMessage: { id: 'o1', status: 'queued' } }]]]),
    cursors: new Map([['c1', [{ at: second(3.6), readSeq: 1 }]]]),
    lines: [{ from: second(0), to: NEVER }],
    beats: Array.from({ length: 200 }, (_, index) => ({ askedAt: second(index / 5), answeredAt: second(index / 5 + 0.05) })),
    shown: [{ conversationId: 'c1', from: second(0), to: NEVER }],
  }
  for (const one of stored) {
    const { conversationId, rev, status, sentAt, deliveredAt, readAt } = one
    const states = [
      {
        conversationId,
        rev: 1,
        status: 'queued' as Message['status'],
        sentAt: null,
        deliveredAt: null,
        readAt: null,
        at: Date.parse(one.createdAt),
      },
    ]
    const steps = accepted.find(({ sid }) => sid === one.twilioSid)?.callbacks ?? []
    for (const step of steps) {
      const now = { at: step.endedAt ?? 0, status: statusOf(step.status) ?? status }
      client.rows.get('c1')?.push({ at: now.at, rev: 9, lastSeq: one.seq ?? 0, lastMessage: { id: one.id, status: now.status } })
      states.push({ ...(states[0] as (typeof states)[number]), ...now, rev, sentAt: null })
      Object.assign(states.at(-1) as object, { sentAt, deliveredAt: now.status === 'delivered' ? deliveredAt : null, readAt })
    }
    client.messages.set(one.id, states)
  }
  return client
}
