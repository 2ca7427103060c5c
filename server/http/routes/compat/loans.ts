// `COMPAT=d`: the calls of a loan system (system D), as it makes them: the state of the service, a test on each channel, a reminder of
// one loan, a notice for all that are overdue, a payment received, a loan approved. Each goes by the rule of that name.
import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import { skipped as whySkipped } from '../../../../shared/automations.ts'
import { channel, type Coordination, message } from '../../../../shared/model.ts'
import { DomainError } from '../../../../shared/problems.ts'
import { exactly, sendMessage as sendBody } from '../../../../shared/requests.ts'
import { calendarOf } from '../../../automations/calendar-of.ts'
import { recordEvent } from '../../../automations/record-event.ts'
import { rulesOf } from '../../../automations/rules-of.ts'
import { sendNow } from '../../../automations/send-now.ts'
import { demandInScope } from '../../../coordinations/demand-in-scope.ts'
import { saveCoordinations } from '../../../coordinations/save-coordinations.ts'
import { sendMessage } from '../../../outbox/send-message.ts'
import type { Caller, Parts } from '../../../parts.ts'
import type { Rule } from '../../../rules/automation.ts'
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
const told = z.object({ messages: z.array(message), skipped: whySkipped.nullable() })
const overdue = z.object({
  ...{ sent: z.number().int(), skipped: z.number().int(), next: z.string().nullable() },
  results: z.array(
    z.object({ id: z.string(), messageId: z.string().nullable(), status: z.string().nullable(), skipped: whySkipped.nullable() }),
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

async function ruleNamed(parts: Parts, orgId: string, name: string): Promise<{ rule: Rule; rules: Rule[] }> {
  const rules = await rulesOf(parts.store, orgId)
  const rule = rules.find((one) => one.name === name && one.enabled)
  if (rule === undefined) throw new DomainError('conflict', `Switch the automation "${name}" on first: PUT /api/automations/${name}.`)
  return { rule, rules }
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
      await ruleNamed(parts, caller.orgId, rule)
      const { id } = await loanOf(parts, caller, body)
      const event = { orgId: caller.orgId, coordinationId: id, type, data: dataOf(body), channel: body.channel }
      const by = { type: 'agent', id: caller.agentId, name: caller.name } as const
      const { messages } = await recordEvent(parts, { ...event, key: body.clientMessageId ?? randomUUID() }, by)
      const shown = messages.map((one) => showMessage(parts, one, caller.scope !== null))
      return { status: 200, body: { messages: shown, skipped: null } }
    },
  })
}

async function isOverdue(parts: Parts, orgId: string, { data, status, timezone }: Coordination): Promise<boolean> {
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
      return { status: sent.created ? 202 : 200, body: { messages, skipped: null } }
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
      const found = await ruleNamed(parts, caller.orgId, 'payment_due')
      const loan = await loanOf(parts, caller, body)
      const key = `asked|${body.clientMessageId ?? keyOfDay(parts)}`
      const sent = await sendNow(parts, caller.orgId, loan, found, { key, channel: body.channel, data: dataOf(body) })
      const messages = sent.message === null ? [] : [showMessage(parts, sent.message, caller.scope !== null)]
      return { status: 200, body: { messages, skipped: sent.skipped } }
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
      const found = await ruleNamed(parts, orgId, 'payment_overdue')
      const results: z.output<typeof overdue>['results'] = []
      let after = query.after ?? null
      let isMore = true
      for (let looked = 0; isMore && looked < MOST; looked += PAGE) {
        const page = await parts.store.recordPlans(orgId, after, PAGE)
        for (const { record } of page) {
          if (!(await isOverdue(parts, orgId, record))) continue
          const { message: one, skipped } = await sendNow(parts, orgId, record, found, {
            ...{ key: `asked|${keyOfDay(parts)}`, data: {} },
          })
          results.push({ id: record.id, messageId: one?.id ?? null, status: one?.status ?? null, skipped })
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
