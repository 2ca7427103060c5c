// Calls about messages to many: for supervisors and the host's own services, whose token holds every record.
import { z } from 'zod'
import {
  bulkBody,
  campaign,
  campaignBody,
  campaignRecipient,
  preflight,
  recipientList,
  recipientQuery,
  recipientsUploaded,
} from '../../../shared/campaigns.ts'
import { listQuery, pageQuery } from '../../../shared/requests.ts'
import { changeCampaign, findCampaign, listRecipients, type Step } from '../../campaigns/change-campaign.ts'
import { createCampaign, sendBulk } from '../../campaigns/create-campaign.ts'
import { lookAhead } from '../../campaigns/preflight.ts'
import { findRecipients } from '../../campaigns/find-recipients.ts'
import { presentCampaign, presentRecipient } from '../../campaigns/present-campaign.ts'
import { type RecipientField, uploadRecipients } from '../../campaigns/upload-recipients.ts'
import type { ColumnMapping } from '../../../shared/import-columns.ts'
import { mustAnswerForAll } from '../answers-for-all.ts'
import { pageOf, pageShape } from '../page-of.ts'
import { readList } from '../read-list.ts'
import { param, type Route, route } from '../route.ts'

const MANY_BYTES = 5 * 1024 * 1024
const written = z.object({ campaign })
const rejected = z.object({ to: z.string(), code: z.string(), detail: z.string() })
const recipientsListed = z.object({ added: z.number().int(), rejected: z.array(rejected.extend({ index: z.number().int() })) })

const step = (name: Step, summary: string): Route =>
  route({
    method: 'post',
    path: `/api/campaigns/:id/${name}`,
    operation: `${name}Campaign`,
    summary,
    answers: { 200: written },
    fails: [
      'conflict',
      ...(name === 'start' || name === 'resume' ? (['no_sender', 'template_not_approved', 'validation_failed'] as const) : []),
    ],
    async handle(parts, call) {
      mustAnswerForAll(call)
      const changed = await changeCampaign(parts, call.caller, param(call, 'id'), name)
      return { status: 200, body: { campaign: presentCampaign(changed) } }
    },
  })

export const campaignRoutes: Route[] = [
  route({
    method: 'post',
    path: '/api/messages/bulk',
    operation: 'sendBulk',
    summary:
      'One message to up to 1000 numbers, each once: a campaign that starts at once. Numbers that are none are named, the others go.',
    body: bulkBody,
    bodyBytes: MANY_BYTES,
    fails: ['conflict', 'no_sender', 'template_not_approved'],
    answers: { 202: z.object({ campaign, accepted: z.number().int(), rejected: z.array(rejected) }) },
    async handle(parts, call) {
      mustAnswerForAll(call)
      const { campaign: made, ...sent } = await sendBulk(parts, call.caller, call.body)
      return { status: 202, body: { campaign: presentCampaign(made), ...sent } }
    },
  }),
  route({
    method: 'post',
    path: '/api/campaigns',
    operation: 'createCampaign',
    summary: 'Makes a draft: what is sent, to whom, how fast. Nothing goes before it is started.',
    body: campaignBody,
    idempotent: true,
    fails: ['conflict', 'no_sender'],
    answers: { 200: written, 201: written },
    async handle(parts, call) {
      mustAnswerForAll(call)
      const { created, campaign: made } = await createCampaign(parts, call.caller, call.body)
      return { status: created ? 201 : 200, body: { campaign: presentCampaign(made) } }
    },
  }),
  route({
    method: 'get',
    path: '/api/campaigns',
    operation: 'listCampaigns',
    summary: 'Campaigns, the newest first, with their counts as of a moment ago.',
    query: pageQuery,
    answers: { 200: pageShape(campaign) },
    async handle(parts, call) {
      mustAnswerForAll(call)
      const { items, nextCursor } = await parts.store.campaigns(call.caller.orgId, pageOf(call.query))
      return { status: 200, body: { items: items.map((one) => presentCampaign(one)), nextCursor } }
    },
  }),
  route({
    method: 'get',
    path: '/api/campaigns/:id',
    operation: 'readCampaign',
    summary: 'One campaign, and what became of its recipients.',
    answers: { 200: campaign },
    async handle(parts, call) {
      mustAnswerForAll(call)
      const found = await findCampaign(parts, call.caller, param(call, 'id'))
      return { status: 200, body: presentCampaign(found, await parts.campaigns.count(call.caller.orgId, found)) }
    },
  }),
  route({
    method: 'put',
    path: '/api/campaigns/:id/recipients',
    operation: 'bringRecipients',
    summary:
      'More recipients of a draft whose audience is `upload`: up to 1000 as JSON, or a table as CSV or JSON lines. Who is there already stays as they are.',
    query: listQuery,
    body: recipientList,
    takesList: true,
    bodyBytes: MANY_BYTES,
    fails: ['conflict', 'unsupported_media', 'payload_too_large', 'validation_failed'],
    answers: { 200: z.union([recipientsListed, recipientsUploaded]) },
    async handle(parts, call) {
      mustAnswerForAll(call)
      const { caller, request } = call
      const id = param(call, 'id')
      // A table was not read yet.
      const body = call.body as typeof call.body | undefined
      if (body !== undefined) return { status: 200, body: await listRecipients(parts, caller, id, body.recipients) }
      const mapping = call.query.columns as ColumnMapping<RecipientField> | undefined
      return { status: 200, body: await readList(request, (bytes) => uploadRecipients(parts, caller, id, bytes, mapping)) }
    },
  }),
  route({
    method: 'get',
    path: '/api/campaigns/:id/recipients',
    operation: 'listRecipients',
    summary:
      'What became of each recipient, and what can be done for those who did not get it: of all, or of those with a state, a status or of one arm.',
    query: recipientQuery,
    answers: { 200: pageShape(campaignRecipient) },
    async handle(parts, call) {
      mustAnswerForAll(call)
      const found = await findCampaign(parts, call.caller, param(call, 'id'))
      const { items, nextCursor } = await findRecipients(parts, call.caller.orgId, found, call.query, pageOf(call.query))
      return { status: 200, body: { items: items.map((one) => presentRecipient(one, found)), nextCursor } }
    },
  }),
  route({
    method: 'post',
    path: '/api/campaigns/:id/preflight',
    operation: 'lookAhead',
    summary: 'Who would get it now, who would not and why; up to 5000 are looked at. Nothing is sent.',
    answers: { 200: preflight },
    async handle(parts, call) {
      mustAnswerForAll(call)
      const found = await findCampaign(parts, call.caller, param(call, 'id'))
      return { status: 200, body: await lookAhead(parts, parts.organizationOf(call.caller.orgId), found) }
    },
  }),
  step('start', 'Starts a draft, or has it wait for its time. Of two who start it at once, one does; the other gets a conflict.'),
  step('pause', 'Stops it; what waits in the outbox goes within seconds.'),
  step('resume', 'Lets it go on, also after its first slice was looked at.'),
  step('cancel', 'Ends it: who is pending gets nothing.'),
]
