// For each sentence that a comparison can say: a run that is right in everything else, and the one difference that makes it
// say that. `torture.test.ts` and `--prove` see that it does.
import type { Message } from '../../shared/model.ts'
import { type AgreeingSides, agreeingSides, date, second } from './agreeing-sides.ts'
import { compareDesk } from './compare-desk.ts'
import { compareHeard } from './compare-heard.ts'
import { compareLedger } from './compare-ledger.ts'
import { compareLive, compareWidget } from './compare-live.ts'
import { compareMedia } from './compare-media.ts'
import { compareOptOuts } from './compare-opt-outs.ts'
import { compareOrder } from './compare-order.ts'
import { compareRouting } from './compare-routing.ts'
import { compareThreads } from './compare-threads.ts'
import { compareTimes } from './compare-times.ts'
import { compareView } from './compare-view.ts'
import type { Difference } from './difference.ts'
import { whatWasDue } from './what-was-due.ts'

/** All comparisons over one run. */
export function compareAll(sides: AgreeingSides, joined = false): Difference[] {
  const { journal, agents, seen, held, threads, stored, clients } = sides
  const side = agents[0] as (typeof agents)[number]
  const firstHeld = (sid: string) => clients[0]?.sids.get(sid) ?? null
  return [
    ...compareLedger(sides),
    ...compareTimes({ ...sides, firstHeld }),
    ...compareOrder({ ...sides, joined: () => joined }),
    ...compareRouting(sides).differences,
    ...compareDesk(sides),
    ...compareMedia(sides),
    ...compareOptOuts({ ...sides, firstHeld }),
    ...compareThreads({ stored, threads, journal, joined: () => joined, agents }),
    ...compareView({ ...side, agent: side.id, seen, stored }),
    ...compareLive({ ...side, agent: side.id, seen }),
    ...compareWidget({ ...side, agent: side.id, held, threads }),
    ...compareHeard(clients, whatWasDue(sides)).differences,
  ]
}

export interface SeededDifference {
  says: string
  /** Where the sentence alone does not tell. */
  when?: string
  joined?: boolean
  seed(sides: AgreeingSides): void
}

/** Both the stored message and the one in its thread. */
const change = (sides: AgreeingSides, id: string, over: Partial<Message>) =>
  Object.assign(
    one(sides.stored, (m) => m.id === id),
    over,
  )
const row = (sides: AgreeingSides, over: object) =>
  Object.assign(
    one(sides.rows, (r) => r.id === 'c1'),
    over,
  )
const sent = (sides: AgreeingSides, id: string) => one(sides.accepted, (m) => m.sid === `SM${id}`)
const wrote = (sides: AgreeingSides, id: string) => one(sides.inbound, (m) => m.sid === `SM${id}`)
const client = (sides: AgreeingSides) => one(sides.clients, () => true)

function one<T>(list: readonly T[], is: (item: T) => boolean): T {
  const found = list.find(is)
  if (found === undefined) throw new Error('There is no such thing to change.')
  return found
}
function without<T>(list: T[], is: (item: T) => boolean): void {
  list.splice(0, list.length, ...list.filter((item) => !is(item)))
}
const unsettled = { status: 'failed', twilioSid: null, error: { code: null, reason: 'unsettled', message: '', action: 'retry' } } as const
/** No webhook told of it: it came from the list. */
const lose = (sides: AgreeingSides, id: string) => {
  wrote(sides, id).webhook = 'lost'
  one(sides.journal.writes, (write) => write.sid === `SM${id}`).webhook = 'lost'
}

const ledger: SeededDifference[] = [
  { says: 'stored twice: id', seed: (s) => s.stored.push(one(s.stored, () => true)) },
  { says: 'stored twice: SID', seed: (s) => s.stored.push({ ...one(s.stored, () => true), id: 'again' }) },
  ...(['direction', 'channel', 'text', 'status'] as const).map((field) => ({
    says: `written, other ${field}`,
    seed: (s: AgreeingSides) =>
      void change(s, 'i1', { [field]: field === 'direction' ? 'outbound' : field === 'channel' ? 'sms' : 'sent' }),
  })),
  { says: 'written, other client', seed: (s) => Object.assign(wrote(s, 'i1'), { from: '+1' }) },
  { says: 'written, other sender', seed: (s) => Object.assign(wrote(s, 'i1'), { to: '+1' }) },
  { says: 'written, other quote', seed: (s) => void change(s, 'i2', { replyToId: null }) },
  { says: 'written, other quote', when: 'the list tells none', seed: (s) => lose(s, 'i2') },
  { says: 'webhook answered 200, not stored', seed: (s) => without(s.stored, ({ id }) => id === 'i1') },
  {
    says: 'not recovered',
    seed(s) {
      lose(s, 'i1')
      without(s.stored, ({ id }) => id === 'i1')
    },
  },
  { says: 'Twilio took it, its SID is not stored', seed: (s) => void change(s, 'o1', { twilioSid: null }) },
  {
    says: 'Twilio took it, its SID is not stored',
    when: 'it was given up, and one of its two callbacks came',
    seed(s) {
      change(s, 'o1', unsettled)
      s.journal.cancels.set('o1', 'given up')
      Object.assign(
        one(sent(s, 'o1').callbacks, () => true),
        { end: 'lost', endedAt: null },
      )
      sent(s, 'o1').lostCallbacks = 1
    },
  },
  {
    says: 'Twilio took it, its SID is not stored',
    when: 'it was sent again, and one of its two callbacks came',
    seed(s) {
      change(s, 'o2', unsettled)
      Object.assign(
        one(sent(s, 'o2').callbacks, () => true),
        { end: 'lost', endedAt: null },
      )
    },
  },
  { says: 'SID at another message', seed: (s) => Object.assign(sent(s, 'o1'), { statusCallback: 'https://inbox.example.com/status/o9' }) },
  {
    says: 'SID at another message',
    when: 'it was sent again, and a callback of the first came',
    seed: (s) => Object.assign(sent(s, 'o3'), { statusCallback: 'https://inbox.example.com/status/o2' }),
  },
  { says: 'accepted, other time of a failure', seed: (s) => void change(s, 'o1', { failedAt: date(9) }) },
  { says: 'accepted, other text', seed: (s) => Object.assign(sent(s, 'o1'), { body: 'other' }) },
  { says: 'accepted, other error', seed: (s) => Object.assign(sent(s, 'o2'), { errorCode: 30008 }) },
  { says: 'accepted, other template', seed: (s) => Object.assign(sent(s, 'o3'), { contentSid: null }) },
  { says: 'accepted, other variables', seed: (s) => Object.assign(sent(s, 'o3'), { variables: { '1': 'el 4/12', '2': '5pm' } }) },
  { says: 'accepted, other status', seed: (s) => void change(s, 'o1', { status: 'sent' }) },
  {
    says: 'status not completed',
    seed(s) {
      change(s, 'o1', { status: 'sent', deliveredAt: null })
      Object.assign(
        one(sent(s, 'o1').callbacks, ({ status }) => status === 'delivered'),
        { end: 'lost', endedAt: null },
      )
    },
  },
  { says: 'sent 2 times', seed: (s) => s.accepted.push({ ...sent(s, 'o1'), sid: 'SMagain' }) },
  { says: 'stored, Twilio does not know it', seed: (s) => without(s.inbound, ({ sid }) => sid === 'SMi1') },
  { says: 'stored without a SID', seed: (s) => void change(s, 'i1', { twilioSid: null }) },
  {
    says: 'stored without a SID',
    when: 'it was given up by nobody, after ten minutes instead of fifteen',
    seed(s) {
      without(s.accepted, ({ sid }) => sid === 'SMo1')
      change(s, 'o1', { ...unsettled, failedAt: date(602) })
    },
  },
  { says: 'canceled, and not', seed: (s) => void change(s, 'p1', { status: 'queued' }) },
  { says: 'send acknowledged, not stored', seed: (s) => without(s.stored, ({ id }) => id === 'n1') },
  { says: 'acknowledged, other content', seed: (s) => void change(s, 'n1', { text: 'other' }) },
  {
    says: 'acknowledged, other content',
    when: 'what it quotes is lost',
    seed: (s) =>
      Object.assign(
        one(s.taken, () => true),
        { replyToId: 'i1' },
      ),
  },
  {
    says: 'acknowledged, other content',
    when: 'its template is in another language',
    seed: (s) =>
      void change(s, 'o2', { template: { name: '', variables: {}, ...one(s.stored, ({ id }) => id === 'o2').template, language: 'es' } }),
  },
  { says: 'stored, nobody asked for it', seed: (s) => without(s.taken, ({ messageId }) => messageId === 'n1') },
  { says: 'two sends, one message', seed: (s) => s.taken.push({ ...one(s.taken, () => true) }) },
]

const times: SeededDifference[] = [
  { says: 'readAt, though Twilio says nothing of it', seed: (s) => void change(s, 'o1', { readAt: date(9) }) },
  ...(['sentAt', 'deliveredAt'] as const).flatMap((field) => [
    { says: `${field} is not stored`, seed: (s: AgreeingSides) => void change(s, 'o1', { [field]: null }) },
    { says: `other ${field}`, seed: (s: AgreeingSides) => void change(s, 'o1', { [field]: date(60) }) },
  ]),
  { says: 'failedAt is not stored', seed: (s) => void change(s, 'o2', { failedAt: null }) },
  { says: 'other failedAt', when: 'by an hour', seed: (s) => void change(s, 'o2', { failedAt: date(-3600) }) },
  { says: 'recovered, though in time', seed: (s) => void change(s, 'i1', { recovered: true }) },
  {
    says: 'recovered, not dated by when it was written',
    seed(s) {
      lose(s, 'i1')
      client(s).sids.set('SMi1', second(90))
      change(s, 'i1', { recovered: true, createdAt: date(90) })
    },
  },
  {
    says: 'late, and not marked as recovered',
    seed(s) {
      lose(s, 'i1')
      client(s).sids.set('SMi1', second(200))
    },
  },
  { says: 'other date of what was written', seed: (s) => void change(s, 'i1', { createdAt: date(3) }) },
  { says: 'other date of what was sent', seed: (s) => void change(s, 'o1', { createdAt: date(3) }) },
  { says: 'sent before its time', seed: (s) => Object.assign(sent(s, 'p2'), { at: second(11) }) },
  {
    says: 'price not completed',
    seed(s) {
      change(s, 'o1', { price: null })
    },
  },
  { says: 'other price', seed: (s) => void change(s, 'o1', { price: { amount: 0.01, currency: 'USD', estimated: false } }) },
]

const order: SeededDifference[] = [
  { says: 'order', seed: (s) => s.accepted.reverse() },
  { says: 'order', when: 'in a thread that was joined of two', joined: true, seed: (s) => s.accepted.reverse() },
  { says: 'order of a line', seed: (s) => s.accepted.reverse() },
  { says: 'came into another thread', seed: (s) => void change(s, 'i1', { coordinationId: null }) },
]

const desk: SeededDifference[] = [
  { says: 'a note is no note', seed: (s) => void change(s, 'n1', { direction: 'outbound' }) },
  { says: 'planned for another time', seed: (s) => void change(s, 'p1', { dueAt: date(13) }) },
  {
    says: 'answered twice',
    seed: (s) => void change(s, 'n1', { direction: 'outbound', seq: 1.5, author: { type: 'agent', id: 'agent-2', name: 'Sol' } }),
  },
  {
    says: 'refused without a colleague’s answer',
    seed: (s) =>
      Object.assign(
        one(s.journal.collided, () => true),
        { since: 7 },
      ),
  },
  { says: 'sent again twice', seed: (s) => s.stored.push({ ...one(s.stored, ({ id }) => id === 'o3'), id: 'o4' }) },
  { says: 'sent again, other text', seed: (s) => void change(s, 'o3', { text: 'other' }) },
  {
    says: 'retry acknowledged, not stored',
    seed: (s) =>
      Object.assign(
        one(s.journal.retries, () => true),
        { newId: 'o9' },
      ),
  },
  { says: 'moved, nobody asked for it', seed: (s) => without(s.journal.moves, () => true) },
  {
    says: 'moved, and not undone',
    seed: (s) =>
      Object.assign(
        one(s.journal.moves, () => true),
        { undone: true },
      ),
  },
  { says: 'no mark of the move', seed: (s) => without(s.stored, ({ id }) => id === 'l1') },
  { says: 'not moved', seed: (s) => void change(s, 'x1', { conversationId: 'c2', seq: 1 }) },
  {
    says: 'no mark of the undoing',
    seed(s) {
      one(s.journal.moves, () => true).undone = true
      change(s, 'x1', { conversationId: 'c2', seq: 1 })
      without(s.stored, ({ id }) => id === 'l1')
    },
  },
  { says: 'moved elsewhere', seed: (s) => void change(s, 'x1', { conversationId: 'c3', coordinationId: null }) },
  { says: 'labels', seed: (s) => void row(s, { tags: [] }) },
]

/** The one item of a message. */
const item = (sides: AgreeingSides, id: string, over: object) =>
  change(sides, id, { media: one(sides.stored, (m) => m.id === id).media.map((media) => ({ ...media, ...over })) })
const photo = (sides: AgreeingSides) => wrote(sides, 'i2').mediaCalls

const media: SeededDifference[] = [
  { says: 'written, other media', seed: (s) => void change(s, 'i2', { media: [] }) },
  { says: 'media, neither there nor failed', seed: (s) => void item(s, 'i2', { state: 'pending' }) },
  { says: 'media failed, and is to be had', seed: (s) => void item(s, 'i2', { state: 'failed' }) },
  { says: 'media, other than what was sent', seed: (s) => void s.bytes.set('i2-0', 'other') },
  { says: 'media, other than what was sent', when: 'of another type', seed: (s) => void item(s, 'i2', { contentType: 'image/png' }) },
  { says: 'media fetched again', seed: (s) => void photo(s).push({ index: 0, at: second(4.5), end: 'whole', endedAt: second(4.6) }) },
  {
    says: 'media fetched again',
    when: 'and what came before were broken lines to agents',
    seed(s) {
      s.strikes.push({ group: 'sockets', from: second(4), to: second(5) })
      photo(s).push({ index: 0, at: second(4.5), end: 'whole', endedAt: second(4.6) })
    },
  },
  { says: 'acknowledged, other file', seed: (s) => void s.bytes.set('o1-0', 'other') },
  { says: 'acknowledged, other file', when: 'there is none', seed: (s) => void change(s, 'o1', { media: [] }) },
  { says: 'arrived, another file', seed: (s) => Object.assign(sent(s, 'o1'), { mediaHashes: ['other'] }) },
  {
    says: 'Twilio asked for a file in vain',
    seed: (s) => Object.assign(sent(s, 'o1'), { errorCode: 63019, statuses: [{ status: 'failed', at: second(3) }] }),
  },
]

const optOuts: SeededDifference[] = [
  {
    says: 'asked for after the opt-out, and sent',
    seed(s) {
      one(s.taken, ({ messageId }) => messageId === 'o1').askedAt = second(17)
      sent(s, 'o1').at = second(17.5)
    },
  },
  {
    says: 'asked for after the opt-out, and sent',
    when: 'while Twilio’s answers were lost',
    seed(s) {
      s.strikes.push({ group: 'twilio', from: second(16), to: second(18) })
      one(s.taken, ({ messageId }) => messageId === 'o1').askedAt = second(17)
      sent(s, 'o1').at = second(17.5)
    },
  },
  { says: 'waited at the opt-out, and sent', seed: (s) => Object.assign(sent(s, 'o1'), { at: second(17.5) }) },
  {
    says: 'turned away, who wants messages',
    seed: (s) => void s.journal.turnedAway.push({ phone: 1, channel: 'whatsapp', from: second(20), to: second(20.1) }),
  },
  {
    says: 'failed for an opt-out that nobody said',
    seed(s) {
      change(s, 'o2', { ...unsettled, error: { ...unsettled.error, reason: 'opted_out' }, failedAt: date(7) })
      without(s.journal.optOuts, () => true)
    },
  },
  { says: 'opted out, other than last said', seed: (s) => void row(s, { optedOut: true }) },
]

const threads: SeededDifference[] = [
  { says: 'thread and log differ', seed: (s) => void s.threads.get('c1')?.splice(0, 1, { ...one(s.stored, () => true), rev: 7 }) },
  { says: 'seq with gaps', seed: (s) => void s.threads.get('c1')?.pop() },
  { says: 'inboundCount', seed: (s) => void row(s, { inboundCount: 4 }) },
  { says: 'answeredCount', seed: (s) => void row(s, { answeredCount: 1 }) },
  { says: 'awaitingReplySince', seed: (s) => void row(s, { awaitingReplySince: null }) },
  { says: 'lastMessage', seed: (s) => void row(s, { lastMessage: null }) },
  { says: 'rows', seed: (s) => void s.rows.pop() },
  { says: 'readCount', seed: (s) => void row(s, { readCount: 2 }) },
  { says: 'unread of a row', seed: (s) => void row(s, { unread: 0 }) },
  { says: 'read, and forgotten', seed: (s) => void s.agents[0]?.reads.set('c1', 5) },
  { says: 'unread in all', seed: (s) => Object.assign(one(s.agents, () => true).unread, { total: 2 }) },
  { says: 'unread conversations', seed: (s) => Object.assign(one(s.agents, () => true).unread, { conversations: 2 }) },
  { says: 'awaiting reply', seed: (s) => Object.assign(one(s.agents, () => true).unread, { awaitingReply: 2 }) },
]

const views: SeededDifference[] = [
  ...['view of a row', 'a row was not told'].map((says) => ({ says, seed: (s: AgreeingSides) => void row(s, { tags: [] }) })),
  ...['view of reading', 'reading was not told'].map((says) => ({
    says,
    seed: (s: AgreeingSides) => void s.seen.cursors.set('c1', { conversationId: 'c1', readCount: 0, readSeq: 0 }),
  })),
  {
    says: 'a row is seen that is gone',
    seed: (s) =>
      void s.seen.conversations.set(
        'c9',
        one([...s.seen.conversations.values()], () => true),
      ),
  },
  { says: 'view of a message', seed: (s) => void s.seen.messages.delete('o1') },
  {
    says: 'seen, not stored',
    seed: (s) =>
      void s.seen.messages.set(
        'm9',
        one(s.stored, () => true),
      ),
  },
  ...(['total', 'conversations', 'awaitingReply'] as const).flatMap((field) => [
    ...['view of unread', 'unread was not told'].map((says) => ({
      says: `${says}: ${field}`,
      seed: (s: AgreeingSides) => Object.assign(s.seen, { unread: { ...s.unread, [field]: 5 } }),
    })),
    { says: `the widget’s unread: ${field}`, seed: (s: AgreeingSides) => Object.assign(s.held.unread, { [field]: 5 }) },
  ]),
  { says: 'the widget is not online', seed: (s) => Object.assign(s, { held: { ...s.held, link: 'refused' } }) },
  { says: 'a defect in the widget', seed: (s) => Object.assign(s, { held: { ...s.held, errors: ['TypeError'] } }) },
  { says: 'the widget’s row', seed: (s) => Object.assign(s.held.rows.get('c1') ?? {}, { unread: 4 }) },
  { says: 'the widget’s message', seed: (s) => Object.assign(s.held.threads.get('c1')?.[1] ?? {}, { status: 'sent' }) },
  {
    says: 'the widget’s message, of which the thread knows nothing',
    seed: (s) => Object.assign(s.held.threads.get('c1')?.[1] ?? {}, { id: 'm9' }),
  },
]

const heard: SeededDifference[] = [
  { says: 'not heard: a client’s message', seed: (s) => void client(s).sids.delete('SMi1') },
  { says: 'not heard: a client’s message', when: 'three seconds late', seed: (s) => void client(s).sids.set('SMi1', second(4)) },
  { says: 'not heard: a status', seed: (s) => void client(s).messages.get('o1')?.pop() },
  {
    says: 'not heard: a status',
    when: 'without its time',
    seed: (s) => Object.assign(client(s).messages.get('o1')?.at(-1) ?? {}, { deliveredAt: null }),
  },
  { says: 'not heard: a status in a row', seed: (s) => void client(s).rows.get('c1')?.splice(2) },
  { says: 'not heard: a message of an agent', seed: (s) => void client(s).messages.delete('o1') },
  { says: 'not heard: the row after a message of an agent', seed: (s) => void client(s).rows.delete('c1') },
  { says: 'not heard: what was read', seed: (s) => void client(s).cursors.delete('c1') },
]

export const seededDifferences: readonly SeededDifference[] = [
  ...[ledger, times, order, desk, media, optOuts, threads, views, heard].flat(),
]

/** The comparisons' findings for the run with this difference. */
export function saidOf({ seed, joined = false }: SeededDifference): string[] {
  const sides = agreeingSides()
  seed(sides)
  return compareAll(sides, joined).map(({ what }) => what)
}
