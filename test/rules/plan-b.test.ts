// Plan B: which step is taken, by what is known in the moment in which it comes due, and what the planned message becomes by it.
import { describe, expect, test } from 'vitest'
import { chooseStep, type PlanFacts } from '../../shared/plan-b.ts'
import { eraseText, type MessageFacts } from '../../server/rules/message.ts'
import { begunBySms, enterBy, smsInstead } from '../../server/rules/plan-b.ts'
import { ANA, MORNING } from '../support/builders.ts'

const open: PlanFacts = { blocked: null, windowOpen: true, template: true, sms: true }
const closed: PlanFacts = { ...open, windowOpen: false }

test.each<[what: string, PlanFacts, step: string | null, because: string[]]>([
  ['the window is open', open, 'text', []],
  ['it is open, and nothing else was chosen', { ...open, template: null, sms: false }, 'text', []],
  ['the window is closed', closed, 'template', ['window']],
  ['it is closed, and no template was chosen', { ...closed, template: null }, 'sms', ['window']],
  ['it is closed, and the template cannot be sent', { ...closed, template: false }, 'sms', ['window', 'template']],
  ['it is closed, the template cannot be sent, and SMS neither', { ...closed, template: false, sms: false }, null, ['window', 'template']],
  ['it is closed, and nothing else can go', { ...closed, template: null, sms: false }, null, ['window']],
  ['the client opted out of WhatsApp in an open window', { ...open, blocked: 'opted_out' }, 'sms', ['opted_out']],
  ['the client opted out, with a template', { ...closed, blocked: 'opted_out' }, 'sms', ['opted_out']],
  ['the client opted out, and no SMS goes', { ...open, blocked: 'opted_out', sms: false }, null, ['opted_out']],
  ['our WhatsApp number is gone', { ...open, blocked: 'sender' }, 'sms', ['sender']],
])('the step where %s', (_what, facts, step, because) => {
  expect(chooseStep(facts)).toEqual({ step, because })
})

describe('the planned message', () => {
  const planB = { template: { name: 'cita', variables: { hora: '9:00' } }, sms: true }
  const planned = { text: 'Te espero', sensitive: false, planB }
  const place = { id: 'm-2', conversationId: 'c-sms' }
  const bySms = { step: 'sms', because: ['window'], place } as const
  const taken = { step: 'sms' as const, because: ['window' as const], messageId: 'm-2', conversationId: 'c-sms' }

  test('that goes as its text says so, and stays as it is', () => {
    expect(enterBy(planned, { step: 'text' })).toEqual({ planB: { ...planB, taken: { step: 'text', because: [] } } })
  })

  test('that goes as the template says its words, and keeps what was to be said', () => {
    const content = { text: 'Su cita es a las 9:00', template: planB.template, content: { sid: 'HX1', variables: { 1: '9:00' } }, cost: 1 }
    expect(enterBy(planned, { step: 'template', because: ['window'], content })).toEqual({
      type: 'template',
      ...content,
      planB: { ...planB, text: 'Te espero', taken: { step: 'template', because: ['window'] } },
    })
  })

  test('that goes by SMS is canceled, and names the message that went', () => {
    expect(enterBy(planned, { ...bySms, because: ['window'] })).toEqual({ status: 'canceled', planB: { ...planB, taken } })
  })

  test('that is sensitive leaves its words to the SMS alone', () => {
    expect(enterBy({ ...planned, sensitive: true }, { ...bySms, because: ['window'] })).toEqual({
      status: 'canceled',
      text: '',
      planB: { template: { name: 'cita', variables: {} }, sms: true, taken },
    })
  })

  test('that was sensitive loses also what its plan B would have said', () => {
    const message = {
      ...planned,
      sensitive: true,
      template: planB.template,
      planB: { ...planB, text: 'Te espero' },
    } as unknown as MessageFacts
    expect(eraseText(message)?.planB).toEqual({ template: { name: 'cita', variables: {} }, sms: true })
  })

  test.each<[string, Parameters<typeof begunBySms>[0], boolean]>([
    ['by SMS goes on by SMS', { ...planB, taken }, true],
    ['by the template does not', { ...planB, taken: { step: 'template', because: ['window'] } }, false],
    ['by nothing yet does not', planB, false],
    ['without a plan B does not', null, false],
  ])('that was begun %s', (_what, kept, begun) => {
    expect(begunBySms(kept)).toEqual(begun ? { step: 'sms', because: ['window'], place } : null)
  })

  test('has an SMS in its place that is a message of its own, costs what its parts cost, and is linked to it', () => {
    const source = {
      id: 'm-1',
      orgId: 'o',
      author: ANA,
      text: 'ñandú '.repeat(20),
      lane: 0 as const,
      sensitive: false,
      dueAt: null,
      expiresInMs: 5,
    }
    const sms = smsInstead({ ...source, planB, coordinationId: 'ev-1' }, { because: ['window'], place }, MORNING)
    expect(sms).toMatchObject({
      id: 'm-2',
      conversationId: 'c-sms',
      type: 'text',
      text: source.text,
      fallbackOf: 'm-1',
      cost: 2,
      expiresInMs: 5,
      planB: { ...planB, taken: { step: 'sms', because: ['window'] } },
      dueAt: null,
      createdAt: MORNING,
    })
  })
})
