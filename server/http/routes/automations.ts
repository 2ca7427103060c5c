// Calls about automations, and about the plan and the events of a record: agents read the rules, supervisors and the host's own
// services change them.
import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import {
  automation,
  automationBody,
  automationName,
  eventType,
  planChange,
  planItem,
  previewBody,
  recordEventBody,
  runBody,
  runItem,
} from '../../../shared/automations.ts'
import { message } from '../../../shared/model.ts'
import { DomainError } from '../../../shared/problems.ts'
import { changePlan } from '../../automations/change-plan.ts'
import { previewAutomations } from '../../automations/preview-automations.ts'
import { recordEvent } from '../../automations/record-event.ts'
import { findRule, listRules, rulesOf } from '../../automations/rules-of.ts'
import { runAutomation } from '../../automations/run-automation.ts'
import { deleteAutomation, saveAutomation } from '../../automations/save-automation.ts'
import { plannedItems, presentItem } from '../../automations/show-plan.ts'
import { demandInScope } from '../../coordinations/demand-in-scope.ts'
import { showMessage } from '../../team/show-message.ts'
import { param, type RawCall, type Route, route } from '../route.ts'
import { validate } from '../validate.ts'

const DAY_MS = 24 * 3600_000
const PREVIEW_ITEMS = 100
const named = z.object({ name: automationName })
const nameIn = (call: RawCall): string => validate(named, { name: param(call, 'name') }, 'path').name
const missing = () => new DomainError('not_found', 'There is no such automation.')
const written = z.object({ automation })
const previewed = planItem.extend({ coordinationId: z.string(), title: z.string(), name: z.string(), to: z.string().nullable() })
const happened = z.object({
  event: z.object({ type: eventType, data: recordEventBody.shape.data.unwrap(), coordinationId: z.string(), at: z.string() }),
  messages: z.array(message),
})

/** @throws DomainError `forbidden`. */
function mayChange({ caller }: RawCall): void {
  if (caller.role === 'agent') throw new DomainError('forbidden', 'Agents read automations; supervisors change them.')
}

export const automationRoutes: Route[] = [
  route({
    method: 'get',
    path: '/api/automations',
    operation: 'listAutomations',
    summary: 'All automations by their names, also those that are switched off, and those that come with Hilo and can be switched on.',
    answers: { 200: z.object({ items: z.array(automation) }) },
    async handle(parts, { caller }) {
      return { status: 200, body: { items: await listRules(parts.store, caller.orgId) } }
    },
  }),
  route({
    method: 'post',
    path: '/api/automations/preview',
    operation: 'previewAutomations',
    summary: 'What would be sent until then, to whom, when, how it would read now, and why not. Nothing is sent.',
    body: previewBody,
    answers: { 200: z.object({ items: z.array(previewed), truncated: z.boolean() }) },
    async handle(parts, call) {
      mayChange(call)
      const { automation: rule, until, coordinationIds, limit = PREVIEW_ITEMS } = call.body
      const end = until === undefined ? parts.clock.now() + DAY_MS : Date.parse(until)
      const wanted = { automation: rule, until: end, coordinationIds, limit }
      return { status: 200, body: await previewAutomations(parts, call.caller, wanted) }
    },
  }),
  route({
    method: 'get',
    path: '/api/automations/:name',
    operation: 'readAutomation',
    summary: 'One automation.',
    fails: ['validation_failed'],
    answers: { 200: automation },
    async handle(parts, call) {
      const found = await findRule(parts.store, call.caller.orgId, nameIn(call))
      if (found === null) throw missing()
      return { status: 200, body: found }
    },
  }),
  route({
    method: 'put',
    path: '/api/automations/:name',
    operation: 'saveAutomation',
    summary: 'Creates or replaces an automation. What would have been due before is not made up for.',
    body: automationBody,
    answers: { 200: written, 201: written },
    async handle(parts, call) {
      mayChange(call)
      const saved = await saveAutomation(parts, call.caller.orgId, nameIn(call), call.body)
      return { status: saved.created ? 201 : 200, body: { automation: saved.automation } }
    },
  }),
  route({
    method: 'delete',
    path: '/api/automations/:name',
    operation: 'deleteAutomation',
    summary: 'Forgets an automation: nothing more of it goes.',
    fails: ['validation_failed'],
    answers: { 204: null },
    async handle(parts, call) {
      mayChange(call)
      if (!(await deleteAutomation(parts, call.caller.orgId, nameIn(call)))) throw missing()
      return { status: 204, body: null }
    },
  }),
  route({
    method: 'post',
    path: '/api/automations/:name/run',
    operation: 'runAutomation',
    summary: 'Sends what an automation says now, once for each record and key: to records that are named, or to all that match.',
    body: runBody,
    fails: ['conflict'],
    idempotent: true,
    answers: { 200: z.object({ automation: z.string(), key: z.string(), items: z.array(runItem) }) },
    async handle(parts, call) {
      mayChange(call)
      const key = call.body.clientMessageId ?? randomUUID()
      return { status: 200, body: await runAutomation(parts, call.caller, nameIn(call), { ...call.body, key }) }
    },
  }),
  route({
    method: 'get',
    path: '/api/coordinations/:id/plan',
    operation: 'readPlan',
    summary: 'What automations will send for a record, when, how it would read now, and why not.',
    answers: { 200: z.object({ items: z.array(planItem), timezone: z.string() }) },
    async handle(parts, call) {
      const { orgId } = call.caller
      demandInScope(call.caller, param(call, 'id'))
      const planned = await parts.store.recordPlan(orgId, param(call, 'id'))
      if (planned === null) throw new DomainError('not_found', 'There is no such record, or it is not yours to see.')
      const own = parts.organizationOf(orgId)
      const items = await plannedItems(parts, own, planned, await rulesOf(parts.store, orgId))
      return { status: 200, body: { items: items.map(presentItem), timezone: planned.record.timezone ?? own.settings.timezone } }
    },
  }),
  route({
    method: 'post',
    path: '/api/coordinations/:id/plan',
    operation: 'changeAutomationPlan',
    summary: 'One message of the plan, by its key: it does not go, goes now, goes at another time, or as it was planned after all.',
    body: planChange,
    fails: ['conflict'],
    answers: { 200: z.object({ message: message.nullable() }) },
    async handle(parts, call) {
      demandInScope(call.caller, param(call, 'id'))
      const sent = await changePlan(parts, call.caller, param(call, 'id'), call.body)
      return { status: 200, body: { message: sent && showMessage(parts, sent, call.caller.scope !== null) } }
    },
  }),
  route({
    method: 'post',
    path: '/api/coordinations/:id/events',
    operation: 'recordEvent',
    summary: 'Something happened to the record: shown in its thread, and answered by the automations that wait for it, once by its key.',
    body: recordEventBody,
    idempotent: true,
    answers: { 200: happened },
    async handle(parts, call) {
      const { caller, body } = call
      demandInScope(caller, param(call, 'id'))
      const { type, data, channel, clientMessageId = randomUUID() } = body
      const by = { type: 'agent', id: caller.agentId, name: caller.name } as const
      const event = { orgId: caller.orgId, coordinationId: param(call, 'id'), type, data, channel, key: clientMessageId }
      const { event: told, messages } = await recordEvent(parts, event, by)
      return { status: 200, body: { event: told, messages: messages.map((one) => showMessage(parts, one, caller.scope !== null)) } }
    },
  }),
]
