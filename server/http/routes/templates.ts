// Calls about templates: agents read them, supervisors and the host's own services change them.
import { z } from 'zod'
import { template, templateCounts } from '../../../shared/model.ts'
import { DomainError } from '../../../shared/problems.ts'
import { languageQuery, templateBody, templateName, templateQuery, templateSubmission } from '../../../shared/template-requests.ts'
import { chooseLanguage } from '../../rules/template.ts'
import { presentTemplate } from '../../templates/present-template.ts'
import { saveTemplate } from '../../templates/save-template.ts'
import { pageOf, pageShape } from '../page-of.ts'
import { param, type RawCall, type Route, route } from '../route.ts'
import { validate } from '../validate.ts'

const written = z.object({ template })
const named = z.object({ name: templateName })
const missing = () => new DomainError('not_found', 'There is no such template.')

const nameIn = (call: RawCall): string => validate(named, { name: param(call, 'name') }, 'path').name

/** @throws DomainError `forbidden`. */
export function mayChange({ caller }: RawCall): void {
  if (caller.role === 'agent') throw new DomainError('forbidden', 'Agents read templates; supervisors change them.')
}

export const templateRoutes: Route[] = [
  route({
    method: 'get',
    path: '/api/templates',
    operation: 'listTemplates',
    summary: 'Templates by their names: all of them, those of a language, or those with these words.',
    query: templateQuery,
    answers: { 200: pageShape(template) },
    async handle(parts, { caller, query }) {
      const { q, language } = query
      const filter = { ...(q === undefined ? {} : { q }), ...(language === undefined ? {} : { language }) }
      const { items, nextCursor } = await parts.store.templates(caller.orgId, filter, pageOf(query))
      return { status: 200, body: { items: items.map(presentTemplate), nextCursor } }
    },
  }),
  route({
    method: 'get',
    path: '/api/templates/:name',
    operation: 'readTemplate',
    summary: 'One template, in the language asked for; without one in the house’s where it is there, else in its first.',
    query: languageQuery,
    answers: { 200: template },
    async handle(parts, call) {
      const found = chooseLanguage(await parts.store.templatesNamed(call.caller.orgId, nameIn(call)), {
        asked: call.query.language,
        client: null,
        house: parts.organizationOf(call.caller.orgId).settings.locale,
        mayGo: () => true,
      })
      if (found === null) throw missing()
      return { status: 200, body: presentTemplate(found) }
    },
  }),
  route({
    method: 'put',
    path: '/api/templates/:name',
    operation: 'saveTemplate',
    summary: 'Creates or replaces a template in one language. With `whatsapp`: the content of Twilio that carries it there.',
    body: templateBody,
    answers: { 200: written, 201: written },
    async handle(parts, call) {
      mayChange(call)
      const saved = await saveTemplate(parts, call.caller.orgId, nameIn(call), call.body)
      return { status: saved.created ? 201 : 200, body: { template: saved.template && presentTemplate(saved.template) } }
    },
  }),
  route({
    method: 'post',
    path: '/api/templates/sync',
    operation: 'syncTemplates',
    summary: 'Reads Twilio’s list of contents now: what became new, changed, and what Twilio does not have any more.',
    answers: { 200: templateCounts },
    fails: ['no_sender', 'unavailable'],
    async handle(parts, call) {
      mayChange(call)
      return { status: 200, body: await parts.templates.sync(call.caller.orgId) }
    },
  }),
  route({
    method: 'post',
    path: '/api/templates/:name/submit',
    operation: 'submitTemplate',
    summary:
      'Makes a template at Twilio and submits it to WhatsApp, once every rule of WhatsApp’s holds; asked again it goes on, or answers what is kept.',
    body: templateSubmission,
    answers: { 200: written, 202: written },
    fails: ['conflict', 'no_sender', 'unavailable'],
    async handle(parts, call) {
      mayChange(call)
      const { template, isNew } = await parts.templates.submit(call.caller.orgId, nameIn(call), call.body)
      return { status: isNew ? 202 : 200, body: { template: presentTemplate(template) } }
    },
  }),
  route({
    method: 'delete',
    path: '/api/templates/:name',
    operation: 'deleteTemplate',
    summary: 'Forgets a template in one language, or in all of them. What Twilio still lists comes again with the next sync.',
    query: languageQuery,
    answers: { 204: null },
    async handle(parts, call) {
      mayChange(call)
      const { orgId } = call.caller
      const deleted = await parts.store.deleteTemplates(orgId, nameIn(call), call.query.language ?? null)
      if (deleted === 0) throw missing()
      parts.publish.templates(orgId)
      return { status: 204, body: null }
    },
  }),
]
