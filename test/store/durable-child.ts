// Run by the durability cases as a process of its own: writes, tells each acknowledgement as a line of JSON, and kills
// itself with SIGKILL in the very turn in which the last one came. What it told must be there afterwards.
import { unconfirm } from '../../server/rules/message.ts'
import { writeSync } from 'node:fs'
import { createIds } from '../../server/ids.ts'
import type { Store } from '../../server/store/store.ts'
import { draft, inbound, noChecks, person, record, viewerOf } from '../support/builders.ts'
import type { StorePlaces } from '../support/places.ts'

export interface Plan {
  module: string
  address: string
  orgId: string
  kind: 'each' | 'load'
  /** `load`: dies with this acknowledgement, while others are under way. */
  acks: number
}

const plan = JSON.parse(process.argv[2] ?? '{}') as Plan
const { places } = (await import(plan.module)) as { places: StorePlaces }
const store = await places.open(plan.address)
const newId = createIds(() => Date.now())
const { orgId } = plan
let acked = 0

function ack(what: string, result: unknown): void {
  writeSync(1, `${JSON.stringify({ what, result })}\n`)
  acked++
  if (plan.kind === 'load' && acked >= plan.acks) die()
}
function die(): void {
  process.kill(process.pid, 'SIGKILL')
}

/** One of every kind of write, each acknowledged before the next. */
async function writeEach(store: Store): Promise<void> {
  const route = () => ({ coordinationId: 'ev-1', hintId: null })
  const now = () => Date.now()
  const viewer = viewerOf(orgId, 'agent-ana')
  ack('coordinations', await store.saveCoordinations(orgId, [record('ev-1'), record('ev-2')], now()))
  const received = await store.receive(inbound(orgId, newId(), { createdAt: now() }), route)
  ack('receive', received)
  if (received.outcome === 'ignored') throw new Error('ignored')
  const conversationId = received.conversation.id
  ack('second', await store.receive(inbound(orgId, newId(), { createdAt: now() }), route))
  ack('read', { conversationId, read: await store.markRead(viewer, conversationId, 2) })
  for (const key of ['k-1', 'k-2', 'k-3', 'k-4'])
    ack('enter', await store.enter(draft(orgId, newId(), conversationId, { key, createdAt: now() }), noChecks))
  const claim = async () => {
    const head = await store.claim(orgId, received.conversation.lineId, { now: now(), leaseMs: 60_000, fence: 1 })
    if (head.state !== 'claimed') throw new Error(head.state)
    return head.claim
  }
  const twilioSid = `SM${newId().replaceAll('-', '')}`
  ack('held', await store.applyStatus({ orgId, messageId: null, twilioSid, status: 'delivered', failure: null, at: now() }))
  ack('accepted', await store.accepted(await claim(), { twilioSid, status: 'sending', at: now(), failure: null }))
  ack('status', await store.applyStatus({ orgId, messageId: null, twilioSid, status: 'read', failure: null, at: now() }))
  const claimed = await claim()
  ack('unconfirm', await store.changeMessage(orgId, claimed.message.id, unconfirm(claimed)))
  ack('schedule', await store.schedule(draft(orgId, newId(), conversationId, { dueAt: now() + 60_000, createdAt: now() })))
  ack('contact', await store.updateContact(viewer, received.conversation.contact.id, { name: 'Ana María' }, now()))
  ack('move', await store.moveMessages(viewer, [received.message.id], 'ev-2', { id: 'agent-ana', name: 'Ana' }, now()))
  ack('update', await store.updateConversation(viewer, conversationId, { status: 'closed', tags: ['vip'] }))
  die()
}

/** Forty writers at once, until death. */
async function writeMany(store: Store): Promise<void> {
  const write = async (index: number) => {
    for (let step = 0; ; step++) {
      const received = await store.receive(inbound(orgId, newId(), { from: person(index % 7), createdAt: Date.now() }), () => ({
        coordinationId: null,
        hintId: null,
      }))
      ack('receive', received)
      if (received.outcome === 'ignored') return
      const written = draft(orgId, newId(), received.conversation.id, { key: `k-${index}-${step}`, createdAt: Date.now() })
      if (step % 3 === 2) ack('enter', await store.enter(written, noChecks))
    }
  }
  await Promise.all(Array.from({ length: 40 }, (_, index) => write(index)))
}

await (plan.kind === 'each' ? writeEach(store) : writeMany(store))
