// Calls about the host's webhooks: set up, read, forgotten; what was delivered, and once more.
import { z } from 'zod'
import { DomainError } from '../../../shared/problems.ts'
import { pageQuery } from '../../../shared/requests.ts'
import { delivery, webhook, webhookBody, webhookName } from '../../../shared/webhook-requests.ts'
import { listDeliveries, replayDelivery } from '../../webhooks/deliveries.ts'
import { deleteWebhook, findWebhook, listWebhooks, saveWebhook, showWebhook } from '../../webhooks/save-webhook.ts'
import { pageOf, pageShape } from '../page-of.ts'
import { param, type RawCall, type Route, route } from '../route.ts'
import { validate } from '../validate.ts'

const named = z.object({ name: webhookName })
const nameIn = (call: RawCall): string => validate(named, { name: param(call, 'name') }, 'path').name

/** They are told of every record. @throws DomainError `forbidden`. */
function demandSupervisor({ caller }: RawCall): void {
  if (caller.role === 'agent' || caller.scope !== null)
    throw new DomainError('forbidden', 'Webhooks are for supervisors and the host’s own services, with a token for every record.')
}

export const webhookRoutes: Route[] = [
  route({
    method: 'get',
    path: '/api/webhooks',
    operation: 'listWebhooks',
    summary: 'The host’s webhooks by their names, without their secrets.',
    answers: { 200: z.object({ items: z.array(webhook) }) },
    async handle(parts, call) {
      demandSupervisor(call)
      return { status: 200, body: { items: (await listWebhooks(parts, call.caller.orgId)).map(showWebhook) } }
    },
  }),
  route({
    method: 'get',
    path: '/api/webhooks/:name',
    operation: 'readWebhook',
    summary: 'One of them, and how it does.',
    fails: ['validation_failed'],
    answers: { 200: webhook },
    async handle(parts, call) {
      demandSupervisor(call)
      return { status: 200, body: showWebhook(await findWebhook(parts, call.caller.orgId, nameIn(call))) }
    },
  }),
  route({
    method: 'put',
    path: '/api/webhooks/:name',
    operation: 'saveWebhook',
    summary: 'Creates or replaces a webhook, and switches it on again. A secret that was not given is made, and told here only.',
    body: webhookBody,
    fails: ['limit_reached', 'conflict'],
    answers: { 200: z.object({ webhook }), 201: z.object({ webhook }) },
    async handle(parts, call) {
      demandSupervisor(call)
      const { created, webhook: saved } = await saveWebhook(parts, call.caller.orgId, nameIn(call), call.body)
      return { status: created ? 201 : 200, body: { webhook: saved } }
    },
  }),
  route({
    method: 'delete',
    path: '/api/webhooks/:name',
    operation: 'deleteWebhook',
    summary: 'Forgets a webhook, and what it was told.',
    fails: ['validation_failed'],
    answers: { 204: null },
    async handle(parts, call) {
      demandSupervisor(call)
      await deleteWebhook(parts, call.caller.orgId, nameIn(call))
      return { status: 204, body: null }
    },
  }),
  route({
    method: 'get',
    path: '/api/webhooks/:name/deliveries',
    operation: 'listDeliveries',
    summary: 'What a webhook was told in the last 30 days, or is to be told, newest first.',
    query: pageQuery,
    answers: { 200: pageShape(delivery) },
    async handle(parts, call) {
      demandSupervisor(call)
      return { status: 200, body: await listDeliveries(parts, call.caller.orgId, nameIn(call), pageOf(call.query)) }
    },
  }),
  route({
    method: 'post',
    path: '/api/webhooks/:name/deliveries/:id/replay',
    operation: 'replayDelivery',
    summary: 'Tells it once more, under the same id, also what was delivered.',
    fails: ['validation_failed'],
    answers: { 202: z.object({ delivery }) },
    async handle(parts, call) {
      demandSupervisor(call)
      return { status: 202, body: { delivery: await replayDelivery(parts, call.caller.orgId, nameIn(call), param(call, 'id')) } }
    },
  }),
]
