// A world for automations: a real store, a clock that the test moves, the loop, and what went.
import { automationBody, type AutomationInput } from '../../shared/automations.ts'
import type { Message } from '../../shared/model.ts'
import { createPlanLoop } from '../../server/automations/plan-loop.ts'
import { saveAutomation } from '../../server/automations/save-automation.ts'
import { saveCoordinations } from '../../server/coordinations/save-coordinations.ts'
import type { Caller } from '../../server/parts.ts'
import { ownParts } from '../outbox/own-parts.ts'
import { HOUR, MORNING } from '../support/builders.ts'
import { newId, type useSqliteFile } from '../support/sqlite-file.ts'
import { until } from '../support/until.ts'

export const DAY = 24 * HOUR
/** In Buenos Aires; at night no reminder goes. */
export const NOON = MORNING + 5 * HOUR
export const boss: Caller = {
  orgId: 'default',
  agentId: 'boss',
  scope: null,
  name: 'Jefa',
  role: 'supervisor',
  expiresAt: Number.MAX_SAFE_INTEGER,
}
export const dayBefore: AutomationInput = {
  at: { relativeTo: 'startsAt', offset: '-P1D' },
  purpose: 'reminder',
  template: 'cita',
  channels: ['sms'],
}

export async function automationWorld(own: ReturnType<typeof useSqliteFile>) {
  const { parts, clock, store, drafted } = await ownParts(own, {}, NOON)
  const loop = createPlanLoop(parts, newId())
  parts.automations = loop
  const text = {
    name: 'cita',
    language: 'es',
    body: 'Hola {{nombre}}, su cita es a las {{hora}}',
    type: 'text',
    buttons: 0,
    defaults: {},
  } as const
  const state = {
    whatsapp: null,
    source: 'own',
    status: 'unsubmitted',
    category: null,
    quality: null,
    rejection: null,
    gone: false,
  } as const
  await store.changeTemplate('default', { name: 'cita', language: 'es' }, () => ({ ...text, ...state }), clock.now())
  const rule = (name: string, body: AutomationInput) => saveAutomation(parts, 'default', name, automationBody.parse(body))
  const book = (id: string, startsInMs: number, over: object = {}) => {
    const startsAt = new Date(clock.now() + startsInMs).toISOString()
    const contact = { name: 'Ana Suárez', phone: '+5491144500077' }
    return saveCoordinations(parts, boss, [{ id, title: 'Turno', contact, startsAt, status: 'active', data: {}, ...over }])
  }
  const log = async (): Promise<Message[]> =>
    (await store.messageLog({ ...boss }, { authorType: 'automation' }, { cursor: null, limit: 100 })).items
  const told = async () =>
    (await log()).map(({ coordinationId, author, status }) => [coordinationId, author.id, status].join(' ')).toSorted()
  /** Nothing is to come before then. */
  const settled = () =>
    until(async () => {
      await clock.advance(50)
      const next = await store.nextPlanAt()
      const walks = (await store.settings('default', 'automation')).some(({ value }) => value.walk !== undefined)
      return !walks && (next === null || next > clock.now())
    })
  const pass = async (ms: number) => {
    clock.sleep(ms)
    await settled()
  }
  return { parts, clock, store, drafted, loop, rule, book, log, told, settled, pass }
}
