// The reading side of Twilio's Content API, for the simulator's approved templates.
import { findContent, type SimulatorContent, simulatorContents } from './content.ts'
import { refusal } from './refusals.ts'
import { answerJson, type Routes } from './routes.ts'
import type { ApiAnswers } from './twilio-api.ts'

const host = 'https://content.twilio.com'
const tokenOf = (page: number) => `PT${page}`
const created = '2026-01-13T23:33:46Z'

export function addContentRoutes(routes: Routes, accountSid: string, { missing, refuse }: ApiAnswers): void {
  const present = (content: SimulatorContent) => ({
    sid: content.sid,
    account_sid: accountSid,
    friendly_name: content.friendlyName,
    language: content.language,
    variables: content.variables,
    types: { 'twilio/text': { body: content.body } },
    date_created: created,
    date_updated: created,
  })
  const approval = (content: SimulatorContent) => ({
    name: content.friendlyName,
    category: 'UTILITY',
    content_type: 'twilio/text',
    status: 'approved',
    rejection_reason: '',
    allow_category_change: true,
  })
  const list = (path: string, presentOne: (content: SimulatorContent) => unknown) =>
    routes.add('GET', path, (call) => {
      const size = Math.min(Math.max(Number(call.query.get('PageSize') ?? 50) || 50, 1), 1000)
      const page = Math.max(Number(call.query.get('Page') ?? 0) || 0, 0)
      const token = call.query.get('PageToken')
      if (token !== null && token !== tokenOf(page)) return refuse(call, refusal(20001, 'PageToken is invalid'))
      const name = call.query.get('ContentName')
      const languages = call.query.getAll('Language')
      const matching = simulatorContents.filter(
        (content) =>
          (name === null || content.friendlyName.includes(name)) && (languages.length === 0 || languages.includes(content.language)),
      )
      const pageUrl = (number: number) => {
        const target = new URLSearchParams(call.query)
        target.set('PageSize', String(size))
        target.set('Page', String(number))
        target.delete('PageToken')
        if (number > 0) target.set('PageToken', tokenOf(number))
        return `${host}${path}?${target}`
      }
      answerJson(call.response, 200, {
        contents: matching.slice(page * size, (page + 1) * size).map(presentOne),
        meta: {
          page,
          page_size: size,
          first_page_url: pageUrl(0),
          previous_page_url: page > 0 ? pageUrl(page - 1) : null,
          url: pageUrl(page),
          next_page_url: (page + 1) * size < matching.length ? pageUrl(page + 1) : null,
          key: 'contents',
        },
      })
    })
  const whole = (content: SimulatorContent) => {
    const url = `${host}/v1/Content/${content.sid}`
    const links = { approval_create: `${url}/ApprovalRequests/whatsapp`, approval_fetch: `${url}/ApprovalRequests` }
    return { ...present(content), url, links }
  }
  list('/v1/Content', whole)
  list('/v2/Content', whole)
  const withApproval = (content: SimulatorContent) => ({ ...present(content), approval_requests: approval(content) })
  list('/v1/ContentAndApprovals', withApproval)
  list('/v2/ContentAndApprovals', withApproval)

  routes.add('GET', '/v1/Content/:sid', (call) => {
    const content = findContent(call.parts.sid ?? '')
    if (content === null) return missing(call)
    answerJson(call.response, 200, whole(content))
  })
  routes.add('GET', '/v1/Content/:sid/ApprovalRequests', (call) => {
    const content = findContent(call.parts.sid ?? '')
    if (content === null) return missing(call)
    answerJson(call.response, 200, {
      sid: content.sid,
      account_sid: accountSid,
      whatsapp: { type: 'whatsapp', ...approval(content) },
      url: `${host}/v1/Content/${content.sid}/ApprovalRequests`,
    })
  })
}
