// Writes the demo's history, once: into the store as it would have come, and onto the simulated phones.
import { randomBytes } from 'node:crypto'
import { formatPhone } from '../../shared/parse-phone.ts'
import { identityKeys } from '../../shared/phone.ts'
import { contentOf } from '../outbox/content.ts'
import type { Parts } from '../parts.ts'
import type { Failure } from '../../shared/model.ts'
import { type DemoPerson, demoPeople, demoSenders } from '../simulator/people.ts'
import type { Simulator } from '../simulator/simulator.ts'
import type { Draft, Viewer } from '../store/records.ts'
import { demoAgents } from './agents.ts'
import { demoHistory, type Said, type Talk } from './history.ts'

const LEASE_MS = 60_000
const noChecks = { ifNoAnswerSince: null, consent: null, openWindow: false, contactLimit: null }
/** Ticks come so long after one another. */
const [SENT_MS, DELIVERED_MS, READ_MS] = [400, 1200, 90_000]
const noWhatsApp: Failure = { code: 63003, reason: 'not_on_whatsapp', action: 'try_sms', message: 'Channel could not find To address' }

const newSid = () => `SM${randomBytes(16).toString('hex')}`

/** Where anything was said before, nothing is added. */
export async function seedHistory(parts: Parts, host: Viewer, simulator: Simulator): Promise<void> {
  const { store, clock } = parts
  const known = await store.conversations(host, { sort: 'activity' }, { cursor: null, limit: 1 })
  if (known.items.length > 0) return
  for (const talk of demoHistory(clock.now())) {
    const person = demoPeople.find(({ name }) => name === talk.client)
    if (person) await seedTalk(parts, host, simulator, talk, person)
  }
}

function agentOf(key: string): { id: string; name: string } {
  const { id, name } = demoAgents.find((agent) => agent.key === key) ?? demoAgents[0]
  return { id, name }
}

async function seedTalk(parts: Parts, host: Viewer, simulator: Simulator, talk: Talk, person: DemoPerson): Promise<void> {
  const { store } = parts
  const { channel, record, said, left } = talk
  const line = { orgId: host.orgId, channel, sender: demoSenders[channel] }
  const address = channel === 'whatsapp' ? person.whatsappAddress : (person.phone ?? person.whatsappAddress)
  const { phone } = person
  const keys = identityKeys(phone ?? address)
  const names = { fallbackName: phone === null ? address : formatPhone(phone) }
  let conversationId = ''
  for (const one of said) {
    if (one.by === 'client') {
      const twilioSid = newSid()
      const received = await store.receive(
        {
          ...{ id: parts.newId(), ...line, address, phone, keys, aliases: [], profileName: person.profileName, ...names, attributes: {} },
          ...{
            twilioSid,
            type: 'text',
            text: one.text,
            button: null,
            location: null,
            contacts: null,
            referral: null,
            media: [],
            forwarded: false,
          },
          ...{ quotedSid: null, said: null, createdAt: one.at, recovered: false, listed: false, onlyIfKnown: false },
        },
        () => ({ coordinationId: record, hintId: null }),
      )
      if (received.outcome !== 'ignored') conversationId = received.conversation.id
      simulator.remember({ direction: 'inbound', channel, address, sid: twilioSid, text: one.text, at: one.at, end: 'received' })
      continue
    }
    if (conversationId === '') {
      const opened = await store.openConversation({
        ...{ ...line, address, phone, keys, name: null, ...names, coordinationId: record, now: one.at },
      })
      conversationId = opened.conversation.id
    }
    await seedOwn(parts, simulator, { channel, address }, await draftOf(parts, host.orgId, conversationId, channel, one), one)
  }
  if (!left) return
  const { assignee, ...patch } = left
  await store.updateConversation(host, conversationId, { ...patch, ...(assignee ? { assignee: agentOf(assignee) } : {}) })
}

async function draftOf(
  parts: Parts,
  orgId: string,
  conversationId: string,
  channel: Talk['channel'],
  { by, text, at, template, isNote, dueAt }: Said,
): Promise<Draft> {
  const to = { phone: null, contactName: null, agentName: '', coordinationId: null, windowOpen: true }
  const content = isNote
    ? ({ direction: 'internal', type: 'note', text, template: null, content: null, cost: 0 } as const)
    : ({
        direction: 'outbound',
        ...(await contentOf(parts, parts.organizationOf(orgId), channel, template ? { template } : { text }, to)).words,
      } as const)
  return {
    ...content,
    ...{ id: parts.newId(), orgId, conversationId, author: { type: 'agent', ...agentOf(by) } },
    ...{ replyToId: null, retryOf: null, fallbackOf: null, clientMessageId: null, key: null },
    ...{ askedRecord: null, lane: 0, sensitive: false, dueAt: dueAt ?? null, expiresInMs: null, createdAt: at },
  }
}

/** What an agent wrote goes the way of every message, at times that are past. */
async function seedOwn(
  { store }: Parts,
  simulator: Simulator,
  to: { channel: Talk['channel']; address: string },
  draft: Draft,
  { at, end, text }: Said,
): Promise<void> {
  if (draft.dueAt !== null) return void (await store.schedule(draft))
  const entered = await store.enter(draft, noChecks)
  if (end === undefined || !('conversation' in entered)) return
  const head = await store.claim(draft.orgId, entered.conversation.lineId, { now: at, leaseMs: LEASE_MS, fence: 0 })
  if (head.state !== 'claimed') return
  const twilioSid = newSid()
  await store.accepted(head.claim, { twilioSid, status: 'sent', failure: null, at: at + SENT_MS })
  const report = { orgId: draft.orgId, messageId: draft.id, twilioSid, price: { amount: 0.005, currency: 'USD' } }
  const isFailure = typeof end === 'number'
  if (isFailure) await store.applyStatus({ ...report, status: 'failed', failure: { ...noWhatsApp, code: end }, at: at + DELIVERED_MS })
  else await store.applyStatus({ ...report, status: 'delivered', failure: null, at: at + DELIVERED_MS })
  if (end === 'read') await store.applyStatus({ ...report, status: 'read', failure: null, at: at + READ_MS })
  simulator.remember({ direction: 'outbound-api', ...to, sid: twilioSid, text, at, end: isFailure ? 'failed' : end })
}
