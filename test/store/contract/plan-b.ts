// A planned text with a plan B: the store asks the rule in the step in which the message enters, and one step of it is sent, once.
import { expect } from 'vitest'
import type { PlanB } from '../../../shared/model.ts'
import { cancelMessage, replan } from '../../../server/rules/message.ts'
import type { LineNow, Way, WayRule } from '../../../server/rules/plan-b.ts'
import type { ConversationState, DueEntry } from '../../../server/store/records.ts'
import { WINDOW_MARGIN_MS } from '../../../shared/window.ts'
import { HOUR, MINUTE, noChecks, unsettledFailure } from '../../support/builders.ts'
import { cases } from '../case.ts'
import type { World } from '../world.ts'

const planB: PlanB = { template: { name: 'cita', variables: { hora: '9:00' } }, sms: true }
const filled = { text: 'Su cita es a las 9:00.', template: { name: 'cita', variables: { hora: '9:00' } }, cost: 1 }
const content = { ...filled, content: { sid: 'HX1', variables: { 1: '9:00' } } }

async function plan(w: World, conversation: { id: string }, over = {}): Promise<string> {
  const planned = await w.store.schedule(w.draft(conversation, { dueAt: w.now(), planB, text: 'Te espero a las 9', ...over }))
  if (planned.outcome !== 'created') throw new Error(planned.outcome)
  return planned.message.id
}

async function smsThread(w: World): Promise<ConversationState> {
  return w.open({ channel: 'sms' })
}

const bySms = (w: World, thread: { id: string }): Way => ({
  step: 'sms',
  because: ['window'],
  place: { id: w.newId(), conversationId: thread.id },
})
const enter = (w: World, id: string, way: WayRule, over: Partial<DueEntry> = {}) =>
  w.store.enterScheduled(w.orgId, id, w.now(), { checks: noChecks, way, ...over })

export const planBCases = cases('plan B', {
  async 'it is kept with the plan, changed with it, and taken off'(w) {
    const { conversation } = await w.receive()
    const id = await plan(w, conversation, { dueAt: w.now() + HOUR })
    expect((await w.message(id)).planB).toEqual(planB)
    expect((await w.log({ statuses: ['scheduled'] })).map((one) => one.planB)).toEqual([planB])
    await w.change({ id }, replan({ dueAt: w.now() + 2 * HOUR }))
    expect((await w.message(id)).planB, 'another time').toEqual(planB)
    await w.change({ id }, replan({ planB: { sms: true } }))
    expect((await w.message(id)).planB).toEqual({ sms: true })
    await w.change({ id }, replan({ planB: null }))
    expect(await w.message(id)).not.toHaveProperty('planB')
  },

  async 'the rule is shown the window with its margin, and the opt-out, as they are when it enters'(w) {
    const { conversation, message } = await w.receive()
    const closes = Date.parse(message.createdAt) + 24 * HOUR - WINDOW_MARGIN_MS
    const seen: LineNow[] = []
    for (const now of [closes - 1, closes]) {
      const id = await plan(w, conversation)
      const way: WayRule = (line) => {
        seen.push(line)
        return { step: 'text' }
      }
      await w.store.enterScheduled(w.orgId, id, now, { checks: noChecks, way })
    }
    const first = seen[0]
    expect([first, seen.at(-1)]).toEqual([
      { windowOpen: true, optedOut: false, marketingOut: false },
      { windowOpen: false, optedOut: false, marketingOut: false },
    ])
  },

  async 'the rule is shown who is out of marketing alone'(w) {
    const { conversation } = await w.receive({ said: { out: true, scope: 'marketing', source: 'whatsapp' } })
    const seen: LineNow[] = []
    await enter(w, await plan(w, conversation), (line) => {
      seen.push(line)
      return { step: 'text' }
    })
    expect(seen.at(-1)).toEqual({ windowOpen: true, optedOut: false, marketingOut: true })
  },

  async 'as its text it enters as it is, and says so'(w) {
    const { conversation } = await w.receive()
    const id = await plan(w, conversation)
    expect(await enter(w, id, () => ({ step: 'text' }))).toMatchObject({
      outcome: 'created',
      message: {
        id,
        seq: 2,
        type: 'text',
        status: 'queued',
        text: 'Te espero a las 9',
        planB: { ...planB, taken: { step: 'text', because: [] } },
      },
    })
    expect((await w.claimed(conversation)).message).toEqual({ ...(await w.message(id)), status: 'sending' })
  },

  async 'as the template it enters with its content, and what was to be said is kept'(w) {
    const { conversation } = await w.receive()
    const id = await plan(w, conversation)
    const entered = await enter(w, id, () => ({ step: 'template', because: ['window'], content }))
    const { cost: _, ...said } = filled
    const kept = { ...planB, text: 'Te espero a las 9', taken: { step: 'template', because: ['window'] } }
    expect(entered).toMatchObject({ outcome: 'created', message: { id, type: 'template', status: 'queued', ...said, planB: kept } })
    expect(await w.message(id)).toMatchObject({ type: 'template', ...said, planB: kept })
    expect((await w.claimed(conversation)).content).toEqual(content.content)
    expect((await w.conversation(conversation.id)).lastMessage?.text).toBe(filled.text)
  },

  async 'by SMS another message goes, in a thread of its own; the planned one keeps its place and says so'(w) {
    const { conversation } = await w.receive()
    const thread = await smsThread(w)
    const id = await plan(w, conversation, { replyToId: null, expiresInMs: HOUR })
    const way = bySms(w, thread)
    const entered = await enter(w, id, () => way)
    const smsId = way.step === 'sms' ? (way.place?.id ?? '') : ''
    expect(entered).toMatchObject({
      outcome: 'created',
      message: {
        id,
        seq: 2,
        status: 'canceled',
        planB: { ...planB, taken: { step: 'sms', because: ['window'], messageId: smsId, conversationId: thread.id } },
      },
    })
    expect(entered.outcome === 'created' && entered.changes.messages.map((one) => one.id).toSorted()).toEqual([id, smsId].toSorted())
    expect(entered.outcome === 'created' && entered.changes.conversations.map((one) => one.id).toSorted()).toEqual(
      [conversation.id, thread.id].toSorted(),
    )
    const sms = await w.message(smsId)
    expect(sms).toMatchObject({
      channel: 'sms',
      status: 'queued',
      seq: 1,
      text: 'Te espero a las 9',
      fallbackOf: id,
      conversationId: thread.id,
    })
    expect(sms.planB).toEqual({ ...planB, taken: { step: 'sms', because: ['window'] } })
    expect(sms.expiresAt).not.toBeNull()
    expect(await w.claim(conversation), 'nothing of it goes over WhatsApp').toEqual({ state: 'empty' })
    expect((await w.claimed(thread)).message.id).toBe(smsId)
  },

  async 'a sensitive one leaves its words to the SMS alone'(w) {
    const { conversation } = await w.receive()
    const thread = await smsThread(w)
    const id = await plan(w, conversation, { sensitive: true })
    const way = bySms(w, thread)
    await enter(w, id, () => way)
    const planned = await w.message(id)
    expect(planned).toMatchObject({ status: 'canceled', text: '', planB: { taken: { step: 'sms' } } })
    expect(planned.planB?.template).toEqual({ name: 'cita', variables: {} })
    expect((await w.claimed(thread)).message.text).toBe('Te espero a las 9')
  },

  async 'a sensitive one shows nothing of its plan B in a list'(w) {
    const { conversation } = await w.receive()
    const id = await plan(w, conversation, { sensitive: true })
    const [listed] = await w.log({ statuses: ['scheduled'] })
    expect([listed?.id, listed?.text, listed?.planB]).toEqual([id, '', { template: { name: 'cita', variables: {} }, sms: true }])
    expect((await w.message(id)).planB).toEqual(planB)
  },

  async 'without a thread for the SMS nothing happens, and it can still be canceled'(w) {
    const { conversation } = await w.receive()
    const id = await plan(w, conversation)
    expect(await enter(w, id, () => ({ step: 'sms', because: ['window'], place: null }))).toEqual({ outcome: 'no_thread' })
    expect(await w.message(id)).toMatchObject({ status: 'scheduled', seq: null, planB })
    expect(await w.change({ id }, cancelMessage)).toMatchObject({ changed: true, message: { status: 'canceled' } })
  },

  async 'where no step can be taken it enters as failed, with the reason'(w) {
    const { conversation } = await w.receive()
    const id = await plan(w, conversation)
    expect(await enter(w, id, () => ({ step: null, failure: unsettledFailure }))).toMatchObject({
      outcome: 'created',
      message: { id, seq: 2, status: 'failed', error: unsettledFailure, planB },
    })
    expect((await w.message(id)).planB).not.toHaveProperty('taken')
  },

  async 'ten who enter it at once, each by another step, send one of them once'(w) {
    for (let round = 0; round < 5; round++) {
      const { conversation } = await w.receive()
      const thread = await smsThread(w)
      const before = (await w.thread(thread.id)).length
      const id = await plan(w, conversation)
      const ways: WayRule[] = [() => ({ step: 'text' }), () => ({ step: 'template', because: ['window'], content }), () => bySms(w, thread)]
      const all = await Promise.all(
        Array.from({ length: 10 }, (_, index) => enter(w, id, ways[(index + round) % 3] ?? (() => ({ step: 'text' })))),
      )
      expect(all.filter((one) => one.outcome === 'created')).toHaveLength(1)
      expect(all.filter((one) => one.outcome === 'repeated')).toHaveLength(9)
      const message = await w.message(id)
      const step = message.planB?.taken?.step
      const sms = (await w.thread(thread.id)).slice(before)
      expect(sms.map((one) => one.id)).toEqual(step === 'sms' ? [message.planB?.taken?.messageId] : [])
      expect(message.status).toBe(step === 'sms' ? 'canceled' : 'queued')
      if (step !== 'sms') await w.send(conversation)
    }
  },

  async 'the limit per contact counts the SMS, and not what it went in the place of'(w) {
    const { conversation } = await w.receive()
    const thread = await smsThread(w)
    const ids = [await plan(w, conversation), await plan(w, conversation), await plan(w, conversation)]
    const now = w.pass(MINUTE)
    const checks = { ...noChecks, contactLimit: { max: 2, since: now - HOUR } }
    const outcomes: string[] = []
    for (const id of ids) outcomes.push((await w.store.enterScheduled(w.orgId, id, now, { checks, way: () => bySms(w, thread) })).outcome)
    expect(outcomes).toEqual(['created', 'created', 'limited'])
    expect(await w.thread(thread.id)).toHaveLength(2)
    const limited = ids[2] ?? ''
    expect(await w.store.enterScheduled(w.orgId, limited, now, { failure: unsettledFailure })).toMatchObject({
      message: { status: 'failed' },
    })
    expect((await w.message(limited)).planB, 'it went by nothing').not.toHaveProperty('taken')
    expect(await w.thread(thread.id)).toHaveLength(2)
  },
})
