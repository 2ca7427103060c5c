// Facts of the SQLite store's statements: their plans, what they write to, and what is remembered between them.
import { DatabaseSync } from 'node:sqlite'
import { describe, expect, test } from 'vitest'
import { createMemory } from '../../server/store/sqlite/memory.ts'
import { createPrepare } from '../../server/store/sqlite/prepare.ts'
import { cancelMessage, eraseText, explainDelay, giveUp } from '../../server/rules/message.ts'
import type { ConversationFilter, LogFilter } from '../../server/store/records.ts'
import type { Store } from '../../server/store/store.ts'
import { openingInput } from '../../server/templates/sandbox.ts'
import { campaignDraft, recipientDraft } from '../support/campaigns.ts'
import { draft, HOUR, inbound, MORNING, noChecks, OUR_WHATSAPP, person, record, viewerOf } from '../support/builders.ts'
import { logWays } from './log-ways.ts'
import { newId, useSqliteFile } from '../support/sqlite-file.ts'

const org = 'org-1'
const everyone = viewerOf(org, 'agent-all')
const by = { id: 'agent-ana', name: 'Ana Díaz' }
const first = { cursor: null, limit: 20 }
const unfiled = () => ({ coordinationId: null, hintId: null })

const own = useSqliteFile()
const { open } = own

describe('plans', () => {
  test('every statement of every call finds its rows by an index', async () => {
    const statements = new Set<string>()
    const store = await open({ onPrepare: (text) => void statements.add(text) })
    await exercise(store)
    const db = new DatabaseSync(own.file, { readOnly: true })
    const scans: string[] = []
    const ordered =
      /INDEXED BY (conversations_(by_activity|idle|waiting|unanswered|by_assignee)|contacts_by_sort_name|coordinations_by_update|templates_approved|messages_(by_(time|channel|status|author\w*|error\w*)|internal))/
    for (const text of statements) {
      if (!/^\s*(SELECT|UPDATE|DELETE|INSERT)/.test(text)) continue
      const plan = db.prepare(`EXPLAIN QUERY PLAN ${text}`).all() as { detail: string }[]
      // The elements of a list in the call, and the rows of a subquery that has itself found them by an index.
      const bad = plan.map((step) => step.detail).filter((detail) => /^SCAN (?!json_each|placed|\(subquery|o$|\(?CONSTANT)/.test(detail))
      // A list in the order of its own index is read from it, not sorted.
      if (ordered.test(text))
        bad.push(...plan.map((step) => step.detail).filter((detail) => detail.startsWith('USE TEMP B-TREE FOR ORDER BY')))
      if (bad.length > 0) scans.push(`${text}\n  ${bad.join('\n  ')}`)
    }
    db.close()
    expect(statements.size).toBeGreaterThan(90)
    expect(scans).toEqual([])
  })

  test.each(logWays)('the log of $filter is read by $sqlite', async ({ filter, sqlite: index }) => {
    const statements: string[] = []
    const store = await open({ onPrepare: (text) => void statements.push(text) })
    await store.messageLog(everyone, { ...filter, from: 0 }, first)
    const db = new DatabaseSync(own.file, { readOnly: true })
    const plans = statements
      .filter((text) => text.includes('FROM messages INDEXED BY'))
      .map((text) =>
        db
          .prepare(`EXPLAIN QUERY PLAN ${text}`)
          .all()
          .map((step) => step.detail),
      )
    db.close()
    expect(plans.length).toBeGreaterThan(0)
    for (const plan of plans) {
      expect(plan).toHaveLength(1)
      expect(plan[0]).toMatch(new RegExp(`^SEARCH messages USING INDEX ${index} \\(org_id=\\?.*created_at>\\?\\)$`))
    }
  })

  test('of every statement that writes it is known to which table, so that nothing outdated is remembered', async () => {
    const statements = new Set<string>()
    const store = await open({ onPrepare: (text) => void statements.add(text) })
    await exercise(store)
    const db = new DatabaseSync(own.file, { readOnly: true })
    const tables = new Set(
      db
        .prepare("SELECT name FROM sqlite_schema WHERE type = 'table'")
        .all()
        .map((row) => String(row.name)),
    )
    const told: string[] = []
    const prepare = createPrepare(db)
    for (const text of statements) {
      // SQLite's own account: a write opens a table's root for writing.
      const program = /^\s*(BEGIN|COMMIT|SAVEPOINT|RELEASE|ROLLBACK)/.test(text) ? [] : db.prepare(`EXPLAIN ${text}`).all()
      const writes = program.some((step) => step.opcode === 'Insert' || step.opcode === 'Delete' || step.opcode === 'IdxInsert')
      const isKept = program.some((step) => step.opcode === 'OpenWrite')
      const written = prepare(text).writes
      if (isKept !== written.length > 0 || !written.every((table) => tables.has(table)) || (isKept && !writes))
        told.push(`${written}: ${text}`)
    }
    db.close()
    expect(told).toEqual([])
  })
})

describe('what is remembered', () => {
  test('is read anew after a write to its tables, and after something was taken back', () => {
    const memory = createMemory()
    let rows = 1
    let readings = 0
    const ask = () =>
      memory.remember(['contacts', 'contact_keys'], 'one', () => {
        readings++
        return rows
      })
    expect([ask(), ask(), readings]).toEqual([1, 1, 1])
    rows = 2
    memory.wrote('messages')
    expect(ask()).toBe(1)
    memory.wrote('contact_keys')
    expect([ask(), ask(), readings]).toEqual([2, 2, 2])
    rows = 3
    memory.forget()
    expect(ask()).toBe(3)
  })

  test('a contact that was taken back, since another write of the same commit failed, is made anew', async () => {
    const store = await open()
    const made = store.receive(inbound(org, newId()), unfiled)
    const found = store.receive(inbound(org, newId()), unfiled)
    const broken = store.receive(inbound(org, newId()), () => {
      throw new Error('the routing failed')
    })
    await expect(broken).rejects.toThrow('the routing failed')
    expect([(await made).outcome, (await found).outcome]).toEqual(['created', 'created'])
  })

  test('a number that a failed write gave a contact leads the next write of the same commit to no record', async () => {
    const store = await open()
    await store.saveCoordinations(org, [record('ev-1', { client: person(2) })], MORNING)
    await store.receive(inbound(org, newId(), { from: person(1) }), unfiled)
    const broken = store.receive(inbound(org, newId(), { from: person(1), aliases: [person(2).phone] }), (facts) => {
      throw new Error(`the routing failed: ${facts.openCoordinations.length}`)
    })
    let seen: unknown
    const next = store.receive(inbound(org, newId(), { from: person(1) }), (facts) => {
      seen = facts.openCoordinations
      return unfiled()
    })
    await expect(broken).rejects.toThrow('the routing failed: 1')
    await next
    expect(seen).toEqual([])
  })
})

/** Each call of the port, each filter of each list, with and without a scope, on every page. */
async function exercise(store: Store): Promise<void> {
  const scoped = viewerOf(org, 'agent-scoped', ['ev-1', 'ev-2'])
  await store.saveCoordinations(org, [record('ev-1'), record('ev-2', { status: 'done' }), record('ev-3', { status: 'canceled' })], MORNING)
  const received = await store.receive(inbound(org, newId(), { aliases: ['AR.1'], quotedSid: 'SM0' }), (facts) => {
    void [facts.quoted, facts.openCoordinations, facts.closedCoordination]
    return { coordinationId: null, hintId: 'ev-2' }
  })
  const other = await store.receive(inbound(org, newId()), () => ({ coordinationId: 'ev-1', hintId: null }))
  if (received.outcome === 'ignored' || other.outcome === 'ignored') throw new Error('ignored')
  const { conversation, message } = received
  const { lineId } = conversation
  for (let n = 2; n < 6; n++) await store.receive(inbound(org, newId(), { from: person(n), attributes: { FromCity: 'Rosario' } }), unfiled)
  const limit = { consent: null, contactLimit: { max: 5, since: MORNING - HOUR }, openWindow: true, ifNoAnswerSince: 0 }
  const entered = await store.enter(draft(org, newId(), conversation.id, { key: 'k1' }), limit)
  if (entered.outcome !== 'created') throw new Error(entered.outcome)
  await store.enter(draft(org, newId(), conversation.id), noChecks)
  await store.findByKey(org, 'k1')
  const planned = await store.schedule(draft(org, newId(), conversation.id, { dueAt: MORNING }))
  await store.dueMessages(MORNING, 10)
  await store.nextDueAt()
  if (planned.outcome === 'created') await store.enterScheduled(org, planned.message.id, MORNING, { checks: noChecks })
  await store.takeLease(org, OUR_WHATSAPP, 'p', 1000)
  await store.releaseLease(org, OUR_WHATSAPP, 'p')
  await store.openLines(null, 10)
  await store.oldestQueued(org)
  await store.changeMessage(org, entered.message.id, explainDelay({ reason: 'rate', until: null }))
  const head = await store.claim(org, lineId, { now: MORNING, leaseMs: 1, fence: 1 })
  await store.applyStatus({ orgId: org, messageId: null, twilioSid: 'SM1', status: 'sent', failure: null, at: MORNING })
  await store.expireClaims(org, OUR_WHATSAPP, { now: MORNING + HOUR, fence: 2 })
  if (head.state === 'claimed') await store.accepted(head.claim, { twilioSid: 'SM1', status: 'sending', at: MORNING, failure: null })
  await store.changeMessage(org, entered.message.id, giveUp({ code: null, reason: 'unsettled', message: '', action: 'retry' }, MORNING))
  await store.knownSids(org, ['SM1', 'SM2'])
  await store.receive(inbound(org, newId(), { twilioSid: 'SM9', listed: true }), () => ({ coordinationId: null, hintId: null }))
  await store.receive(inbound(org, newId(), { twilioSid: 'SM9' }), () => ({ coordinationId: null, hintId: null }))
  await store.recovery(org, MORNING)
  await store.advanceRecovery(org, { position: MORNING })
  await store.sentStates(org, ['SM1'])
  await store.incompleteSends(org, { from: 0, to: MORNING + HOUR, after: null, limit: 5 })
  const secret = await store.enter(draft(org, newId(), conversation.id, { sensitive: true }), noChecks)
  if (secret.outcome === 'created') {
    await store.sensitiveTexts(null, 10)
    await store.changeMessage(org, secret.message.id, eraseText)
    await store.changeMessage(org, secret.message.id, cancelMessage)
  }
  const { address, phone, keys, fallbackName } = person(9)
  const request = { orgId: org, sender: OUR_WHATSAPP, address, phone, keys, name: null, fallbackName, coordinationId: null, now: MORNING }
  await store.openConversation({ ...request, channel: 'whatsapp' })
  await store.openConversation({ ...request, channel: 'whatsapp', name: 'Nora' })
  await store.updateConversation(everyone, conversation.id, { status: 'open', assignee: by, tags: ['vip'] })
  await store.snoozeEnds(MORNING, 5)
  const filters: Partial<ConversationFilter>[] = [
    {},
    { channel: 'whatsapp', status: 'open', tag: 'vip', failed: true },
    { assignee: 'none' },
    { assignee: by.id },
    { coordinationId: 'ev-1' },
    { contactId: conversation.contact.id },
    { phoneKeys: [...keys] },
    { unread: true },
    { awaiting: true },
    { unfiled: true },
    { automated: true },
    { q: 'ana' },
    { q: 'ana', unread: true, unfiled: true, contactId: conversation.contact.id },
  ]
  for (const viewer of [everyone, scoped]) {
    for (const filter of filters)
      for (const sort of ['activity', 'waiting'] as const)
        for (let cursor: string | null = null, pages = 0; pages === 0 || (cursor !== null && pages < 9); pages++)
          cursor = (await store.conversations(viewer, { sort, ...filter }, { cursor, limit: 1 })).nextCursor
    for (let cursor: string | null = null, pages = 0; pages < 3; pages++) {
      await store.contacts(viewer, 'a', { cursor, limit: 1 })
      cursor = (await store.contacts(viewer, null, { cursor, limit: 1 })).nextCursor
    }
    for (const filter of [{}, { q: 'boda' }, { phoneKeys: [...person(1).keys] }])
      for (let cursor: string | null = null, pages = 0; pages < 2; pages++)
        cursor = (await store.coordinations(viewer, filter, { cursor, limit: 1 })).nextCursor
    const logs: LogFilter[] = [
      ...[{}, { conversationId: conversation.id }, { contactId: conversation.contact.id }, { coordinationId: 'ev-1' }],
      ...logWays.map(({ filter }) => filter),
    ]
    for (const filter of logs)
      for (const span of [{}, { from: MORNING - HOUR, to: MORNING + HOUR }])
        for (let cursor: string | null = null, pages = 0; pages < 2; pages++)
          cursor = (await store.messageLog(viewer, { ...filter, ...span, q: 'a' }, { cursor, limit: 1 })).nextCursor
    await store.contact(viewer, conversation.contact.id)
    await store.contactMessages(viewer, conversation.contact.id, first)
    await store.coordination(viewer, 'ev-1')
    await store.coordinationMessages(viewer, 'ev-1', first)
    await store.coordinationMessages(viewer, 'ev-2', first)
    await store.unread([viewer])
    await store.unreadByCoordination(viewer, ['ev-1'])
    await store.unreadByKey(viewer, [...person(1).keys])
    await store.recordsOfContacts(viewer.orgId, [conversation.contact.id])
    const { cursor } = await store.sync(viewer, null, 10)
    await store.markRead(viewer, other.conversation.id, 1)
    await store.sync(viewer, cursor, 10)
    for (const range of [{}, { before: 2 }, { after: 1 }, { changedSince: cursor }])
      await store.messages(viewer, other.conversation.id, { ...range, limit: 5 })
    await store.message(viewer, message.id)
  }
  const moved = await store.moveMessages(everyone, [message.id], 'ev-1', by, MORNING)
  await store.undoMove(everyone, moved?.undoId ?? '', by, MORNING)
  const address2 = { channel: 'whatsapp' as const, phone: person(8).phone, keys: person(8).keys, preferred: true }
  await store.updateContact(everyone, conversation.contact.id, { name: 'Ana María', addresses: [address2] }, MORNING)
  await store.updateContact(scoped, conversation.contact.id, { tags: ['x'] }, MORNING)
  await store.updateConversation(everyone, conversation.id, { coordinationId: 'ev-3' })
  await store.updateConversation(everyone, conversation.id, { coordinationId: 'ev-1', status: 'closed' })
  const template = openingInput({ name: 'a', language: 'es', body: 'Hola', contentSid: 'HX1', contentVariables: [] })
  await store.changeTemplate(org, template, () => template, MORNING)
  for (const approved of [true, false])
    for (const cursor of [null, 'WyJhIiwiYiJd']) await store.templates(org, { approved }, { cursor, limit: 1 })
  await store.templatesNamed(org, 'a')
  await store.templatesOfContents(org, ['HX1'])
  await store.deleteTemplates(org, 'a', 'es')
  await store.changeSetting(org, 'webhook', 'a', () => ({ url: 'x' }), MORNING)
  await store.settings(org, 'webhook')
  await store.addDeliveries(org, [{ id: 'd-1', webhook: 'a', key: 'k', type: 't', about: { kind: 'message', id: 'm' }, at: 1 }], MORNING)
  await store.waitingDeliveries(org, 'a', 10)
  await store.changeDelivery(org, 'd-1', () => ({ dueAt: null }), MORNING)
  const { nextCursor } = await store.deliveries(org, 'a', { cursor: null, limit: 0 })
  await store.deliveries(org, 'a', { cursor: nextCursor, limit: 1 })
  await store.deleteDeliveries(org, 'a', MORNING + 1, 10)
  await exerciseCampaigns(store)
  await store.changePlan(org, 'ev-1', ({ plan }) => ({ ...plan, nextDueAt: MORNING }))
  await store.duePlans(MORNING, 10)
  await store.nextPlanAt()
  await store.recordPlans(org, null, 10)
  await store.deleteTemplates(org, 'a', null)
}

async function exerciseCampaigns(store: Store): Promise<void> {
  const campaign = campaignDraft({ lookAt: MORNING })
  await store.addCampaign(org, campaign)
  await store.campaign(org, campaign.id)
  const page = await store.campaigns(org, { cursor: null, limit: 0 })
  await store.campaigns(org, { cursor: page.nextCursor, limit: 1 })
  await store.changeCampaign(org, campaign.id, () => ({ looked: true }), MORNING)
  await store.dueCampaigns(MORNING, 10)
  const drafts = [recipientDraft('+5491144500001', { dueAt: MORNING }), recipientDraft('+5491144500002', { dueAt: MORNING })]
  await store.listRecipients(org, campaign.id, drafts)
  for (const state of ['pending', null] as const) {
    const listed = await store.recipients(org, campaign.id, state, { cursor: null, limit: 1 })
    await store.recipients(org, campaign.id, state, { cursor: listed.nextCursor, limit: 1 })
  }
  await store.dueRecipients(org, campaign.id, MORNING, 10)
  await store.nextRecipientAt(org, campaign.id)
  await store.countRecipients(org, campaign.id, 'pending', 10)
  await store.settleRecipients(org, campaign.id, [{ id: drafts[0]?.id ?? '', state: 'entered', messageId: 'm' }])
}
