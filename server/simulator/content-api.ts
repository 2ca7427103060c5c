// Twilio's Content API: contents are made, listed, submitted to WhatsApp and deleted.
import type { Approval, Contents, KeptContent } from './contents.ts'
import { refusal } from './refusals.ts'
import { answerJson, type Routes } from './routes.ts'
import type { ApiAnswers } from './twilio-api.ts'

const host = 'https://content.twilio.com'
const tokenOf = (page: number) => `PT${page}`
const knownTypes =
  /^(twilio\/(text|media|location|list-picker|call-to-action|quick-reply|card|catalog|carousel|flows|schedule)|whatsapp\/(card|authentication|flows))$/
const categories = ['UTILITY', 'MARKETING', 'AUTHENTICATION']

export function addContentRoutes(routes: Routes, accountSid: string, contents: Contents, { missing, refuse }: ApiAnswers): void {
  const present = (content: KeptContent) => ({
    sid: content.sid,
    account_sid: accountSid,
    friendly_name: content.friendlyName,
    language: content.language,
    variables: content.variables,
    types: content.types,
    date_created: dateOf(content),
    date_updated: dateOf(content),
  })
  const told = ({ name, category, status, rejectionReason }: Approval, content: KeptContent) => ({
    ...{ name, category, content_type: Object.keys(content.types)[0], status },
    ...{ rejection_reason: rejectionReason, allow_category_change: true },
  })
  const approval = (content: KeptContent) => (content.approval === null ? {} : told(content.approval, content))
  const list = (path: string, presentOne: (content: KeptContent) => unknown) =>
    routes.add('GET', path, (call) => {
      const size = Math.min(Math.max(Number(call.query.get('PageSize') ?? 50) || 50, 1), 1000)
      const page = Math.max(Number(call.query.get('Page') ?? 0) || 0, 0)
      const token = call.query.get('PageToken')
      if (token !== null && token !== tokenOf(page)) return refuse(call, refusal(20001, 'PageToken is invalid'))
      const name = call.query.get('ContentName')
      const languages = call.query.getAll('Language')
      const matching = contents
        .all()
        .filter(
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
  const whole = (content: KeptContent) => {
    const url = `${host}/v1/Content/${content.sid}`
    const links = { approval_create: `${url}/ApprovalRequests/whatsapp`, approval_fetch: `${url}/ApprovalRequests` }
    return { ...present(content), url, links }
  }
  list('/v1/Content', whole)
  list('/v2/Content', whole)
  const withApproval = (content: KeptContent) => ({ ...present(content), approval_requests: approval(content) })
  list('/v1/ContentAndApprovals', withApproval)
  list('/v2/ContentAndApprovals', withApproval)

  routes.add('GET', '/v1/Content/:sid', (call) => {
    const content = contents.find(call.parts.sid ?? '')
    if (content === null) return missing(call)
    answerJson(call.response, 200, whole(content))
  })
  routes.add('GET', '/v1/Content/:sid/ApprovalRequests', (call) => {
    const content = contents.find(call.parts.sid ?? '')
    if (content === null) return missing(call)
    answerJson(call.response, 200, {
      sid: content.sid,
      account_sid: accountSid,
      whatsapp: content.approval === null ? { type: 'whatsapp', status: 'unsubmitted' } : { type: 'whatsapp', ...approval(content) },
      url: `${host}/v1/Content/${content.sid}/ApprovalRequests`,
    })
  })

  routes.add('POST', '/v1/Content', (call) => {
    const wanted = readObject(call.body)
    const { friendly_name: friendlyName, language, variables = {}, types } = wanted ?? {}
    if (typeof language !== 'string' || language === '') return refuse(call, refusal(20001, 'language'))
    if (!isObject(types) || Object.keys(types).length === 0) return refuse(call, refusal(20001, 'types'))
    const unknown = Object.entries(types).find(([name, shape]) => !knownTypes.test(name) || !isObject(shape))
    if (unknown) return refuse(call, refusal(20001, unknown[0]))
    if (!isObject(variables) || Object.values(variables).some((one) => typeof one !== 'string'))
      return refuse(call, refusal(20001, 'variables'))
    const made = contents.create({
      friendlyName: typeof friendlyName === 'string' ? friendlyName : '',
      language,
      variables: variables as Record<string, string>,
      types: types as KeptContent['types'],
    })
    if ('refused' in made) return refuse(call, made.refused, { 'Retry-After': '60' })
    answerJson(call.response, 201, whole(made))
  })
  routes.add('POST', '/v1/Content/:sid/ApprovalRequests/whatsapp', (call) => {
    const content = contents.find(call.parts.sid ?? '')
    if (content === null) return missing(call)
    const { name, category } = readObject(call.body) ?? {}
    if (typeof name !== 'string' || !/^[a-z0-9_]{1,512}$/.test(name)) return refuse(call, refusal(20001, 'name'))
    if (typeof category !== 'string' || !categories.includes(category)) return refuse(call, refusal(20001, 'category'))
    const asked = contents.submit(content, name, category)
    if ('refused' in asked) return refuse(call, asked.refused)
    answerJson(call.response, 201, told(asked, content))
  })
  routes.add('DELETE', '/v1/Content/:sid', (call) => {
    if (!contents.remove(call.parts.sid ?? '')) return missing(call)
    call.response.writeHead(204).end()
  })
}

/** To the second. */
const dateOf = ({ createdAt }: KeptContent): string => new Date(createdAt).toISOString().replace(/\.\d+Z$/, 'Z')

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value)

function readObject(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text)
    return isObject(value) ? value : null
  } catch {
    return null
  }
}
