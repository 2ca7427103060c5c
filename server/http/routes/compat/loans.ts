// `COMPAT=d`: the calls of a loan system (system D), as it makes them: the state of the service, a test on each channel, a reminder of
// one loan, a notice for all that are overdue, a payment received, a loan approved. Each goes by the rule of that name.
import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import { type RunItem, skipped as whySkipped } from '../../../../shared/automations.ts'
import { channel, type Coordination, message } from '../../../../shared/model.ts'
import { DomainError } from '../../../../shared/problems.ts'
import { exactly, sendMessage as sendBody } from '../../../../shared/requests.ts'
import { calendarOf } from '../../../automations/calendar-of.ts'
import { recordEvent } from '../../../automations/record-event.ts'
import { rulesOf } from '../../../automations/rules-of.ts'
import { runAutomation } from '../../../automations/run-automation.ts'
import { demandInScope } from '../../../coordinations/demand-in-scope.ts'
import { saveCoordinations } from '../../../coordinations/save-coordinations.ts'
import { sendMessage } from '../../../outbox/send-message.ts'
import type { Caller, Parts } from '../../../parts.ts'
import { isTime } from '../../../rules/record-plan.ts'
import { describeChannels } from '../../../team/describe-channels.ts'
import { showMessage } from '../../../team/show-message.ts'
import { type Route, route } from '../../route.ts'
import { sendRefusals } from '../messages.ts'
import { CHANNEL, otherNames, TEXT, TO } from './other-names.ts'

const DAY_MS = 24 * 3600_000
const PAGE = 200
/** Records that one call looks at. */
const MOST = 1000
const TEST_TEXT = 'Mensaje de prueba'

const loanBody = otherNames(
  z.object({
    id: exactly(128),
    amount: z.union([z.string().max(100), z.number()]).optional(),
    channel: channel.optional(),
    /** Of a loan that is not saved here yet. */
    ...{ to: z.string().min(1).max(160).optional(), name: z.string().min(1).max(120).optional() },
    ...{ title: z.string().min(1).max(200).optional(), dueDate: z.string().max(40).optional() },
    clientMessageId: exactly(64).optional(),
  }),
  {
    id: ['prestamoId', 'loanId', 'idPrestamo', 'prestamo_id', 'coordinationId'],
    amount: ['monto', 'importe'],
    channel: CHANNEL,
    to: TO,
    name: ['nombre', 'cliente'],
    title: ['titulo'],
    dueDate: ['fechaVencimiento', 'vencimiento'],
  },
)
type LoanBody = z.output<typeof loanBody>

const state = z.object({
  ...{ estado: z.enum(['activo', 'inactivo']) },
  ...{ canales: z.array(z.object({ canal: channel, listo: z.boolean(), motivo: z.string().nullable() })) },
})
/** `dueAt`: nothing went yet, since the contact calendar lets it go only then. */
const told = z.object({ messages: z.array(message), skipped: whySkipped.nullable(), dueAt: z.string().nullable() })
const overdue = z.object({
  ...{ sent: z.number().int(), skipped: z.number().int(), next: z.string().nullable() },
  results: z.array(
    z.object({
      ...{ id: z.string(), messageId: z.string().nullable(), status: z.string().nullable(), skipped: whySkipped.nullable() },
      dueAt: z.string().nullable(),
    }),
  ),
})
const overdueQuery = z.object({ after: exactly(128).optional() })

/** Saved before, or by what the call says of it. */
async function loanOf(parts: Parts, caller: Caller, body: LoanBody): Promise<Coordination> {
  demandInScope(caller, body.id)
  const known = await parts.store.coordination(caller, body.id)
  if (known !== null && known.provisional !== true) return known
  const { id, to, name = to, title = `Préstamo ${id}`, amount, dueDate } = body
  if (to === undefined || name === undefined)
    throw new DomainError('not_found', 'This loan is not saved here. Give the number and the name of its client with it.')
  const data = { ...(amount === undefined ? {} : { amount }), ...(dueDate === undefined ? {} : { dueDate }) }
  const contact = { name, phone: to }
  const [saved] = await saveCoordinations(parts, caller, [{ id, title, contact, startsAt: null, status: 'active', data }], () => '')
  if (saved === undefined) throw new DomainError('not_found', 'This loan could not be saved.')
  return saved.coordination
}

/** @throws DomainError `conflict`: it is not switched on. */
async function demandRule(parts: Parts, orgId: string, name: string): Promise<void> {
  const rules = await rulesOf(parts.store, orgId)
  const isOn = rules.some((one) => one.name === name && one.enabled)
  if (!isOn) throw new DomainError('conflict', `Switch the automation "${name}" on first: PUT /api/automations/${name}.`)
}

/** What became of a loan in a run of its rule, and its message, where there is one. */
async function outcomeOf({ store }: Parts, caller: Caller, { messageId, result: became, reason, dueAt }: RunItem) {
  const sent = messageId === null ? null : await store.message(caller, messageId)
  const skipped = sent === null && became === 'skipped' ? (whySkipped.safeParse(reason).data ?? 'disabled') : null
  return { sent, skipped, dueAt: sent === null && became === 'planned' ? dueAt : null }
}

const dataOf = ({ amount }: Pick<LoanBody, 'amount'>): Coordination['data'] => (amount === undefined ? {} : { amount })

/** One a day of each loan, where the call gives no key of its own. */
const keyOfDay = (parts: Parts) => new Date(parts.clock.now()).toISOString().slice(0, 10)

/** Something that happened to a loan, answered by the rule that waits for it. */
function happened(path: string, operation: string, type: string, rule: string, summary: string): Route {
  return route({
    method: 'post',
    path,
    operation,
    summary,
    body: loanBody,
    idempotent: true,
    fails: ['not_found', 'conflict', 'invalid_phone'],
    answers: { 200: told },
    async handle(parts, { caller, body }) {
      await demandRule(parts, caller.orgId, rule)
      const { id } = await loanOf(parts, caller, body)
      const event = { orgId: caller.orgId, coordinationId: id, type, data: dataOf(body), channel: body.channel }
      const by = { type: 'agent', id: caller.agentId, name: caller.name } as const
      const { messages } = await recordEvent(parts, { ...event, key: body.clientMessageId ?? randomUUID() }, by)
      const shown = messages.map((one) => showMessage(parts, one, caller.scope !== null))
      return { status: 200, body: { messages: shown, skipped: null, dueAt: null } }
    },
  })
}

function isOverdue(parts: Parts, orgId: string, { data, status, timezone }: Coordination): boolean {
  const own = parts.organizationOf(orgId)
  const { dueDate } = data
  if (status !== 'active' || !isTime(dueDate)) return false
  const due = calendarOf(own).instant(dueDate, timezone ?? own.settings.timezone)
  return due !== null && due + DAY_MS <= parts.clock.now()
}

const readState = (path: string, operation: string): Route =>
  route({
    method: 'get',
    path,
    operation,
    summary: 'System D: whether each channel can send.',
    answers: { 200: state },
    async handle(parts, { caller }) {
      const canales = (await describeChannels(parts, caller.orgId, caller.scope)).map((one) => ({
        ...{ canal: one.channel, listo: one.ready, motivo: one.reason },
      }))
      return { status: 200, body: { estado: canales.some(({ listo }) => listo) ? 'activo' : 'inactivo', canales } }
    },
  })

export const loanRoutes: Route[] = [
  readState('/estado', 'compatLoanState'),
  readState('/api/v1/notificaciones/estado', 'compatLoanServiceState'),
  route({
    method: 'post',
    path: '/api/v1/notificaciones/prueba',
    operation: 'compatLoanTest',
    summary: 'System D: a test message by one channel.',
    body: otherNames(sendBody, { to: TO, text: TEXT, channel: CHANNEL }, { channel: 'whatsapp', text: TEST_TEXT }),
    idempotent: true,
    fails: sendRefusals,
    answers: { 200: told, 202: told },
    async handle(parts, { caller, body }) {
      const sent = await sendMessage(parts, caller, body)
      const messages = [showMessage(parts, sent.message, caller.scope !== null)]
      return { status: sent.created ? 202 : 200, body: { messages, skipped: null, dueAt: null } }
    },
  }),
  route({
    method: 'post',
    path: '/api/v1/notificaciones/recordatorio',
    operation: 'compatLoanReminder',
    summary: 'System D: reminds of one loan now, by the automation payment_due; once a day, or once per clientMessageId.',
    body: loanBody,
    idempotent: true,
    fails: ['not_found', 'conflict', 'invalid_phone'],
    answers: { 200: told },
    async handle(parts, { caller, body }) {
      await demandRule(parts, caller.orgId, 'payment_due')
      const { id } = await loanOf(parts, caller, body)
      const key = `asked|${body.clientMessageId ?? keyOfDay(parts)}`
      const wanted = { coordinationIds: [id], channel: body.channel, data: dataOf(body), key }
      const [item] = (await runAutomation(parts, caller, 'payment_due', wanted)).items
      if (item === undefined) throw new DomainError('not_found', 'This loan is not there any more.')
      const { sent, ...rest } = await outcomeOf(parts, caller, item)
      const messages = sent === null ? [] : [showMessage(parts, sent, caller.scope !== null)]
      return { status: 200, body: { messages, ...rest } }
    },
  }),
  route({
    method: 'post',
    path: '/api/v1/notificaciones/vencidos',
    operation: 'compatLoanOverdue',
    summary:
      'System D: tells everybody whose loan is overdue, by the automation payment_overdue; once a day each. `next`: ask again with it.',
    query: overdueQuery,
    fails: ['conflict'],
    answers: { 200: overdue },
    async handle(parts, { caller, query }) {
      if (caller.role === 'agent' || caller.scope !== null)
        throw new DomainError('forbidden', 'Supervisors and the host’s own services write to all; agents do not.')
      const { orgId } = caller
      await demandRule(parts, orgId, 'payment_overdue')
      const key = `asked|${keyOfDay(parts)}`
      const results: z.output<typeof overdue>['results'] = []
      let after = query.after ?? null
      let isMore = true
      for (let looked = 0; isMore && looked < MOST; looked += PAGE) {
        const page = await parts.store.recordPlans(orgId, after, PAGE)
        const late = page.flatMap(({ record }) => (isOverdue(parts, orgId, record) ? [record.id] : []))
        const run = late.length === 0 ? [] : (await runAutomation(parts, caller, 'payment_overdue', { coordinationIds: late, key })).items
        for (const item of run) {
          const { sent, ...rest } = await outcomeOf(parts, caller, item)
          results.push({ id: item.coordinationId, messageId: sent?.id ?? null, status: sent?.status ?? null, ...rest })
        }
        after = page.at(-1)?.record.id ?? after
        isMore = page.length === PAGE
      }
      const sent = results.filter(({ status }) => status !== null && status !== 'canceled').length
      return { status: 200, body: { sent, skipped: results.length - sent, next: isMore ? after : null, results } }
    },
  }),
  happened(
    ...(['/api/v1/notificaciones/pago-recibido', 'compatLoanPaid', 'payment.received', 'payment_received'] as const),
    'System D: tells a client that a payment was received, by the automation payment_received.',
  ),
  happened(
    ...(['/api/v1/notificaciones/prestamo-aprobado', 'compatLoanApproved', 'loan.approved', 'loan_approved'] as const),
    'System D: tells a client that the loan is approved, by the automation loan_approved.',
  ),
]
