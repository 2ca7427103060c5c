// Checks a create request as Twilio does, in the order in which it looks; and gives what is left when it is accepted.
import type { Channel } from '../../shared/model.ts'
import { renderContent } from './content.ts'
import type { Contents } from './contents.ts'
import { magicNumbers, type Refusal, refusal } from './refusals.ts'
import { readParameters, type SendParameters } from './send-parameters.ts'

export interface OwnNumbers {
  whatsapp: string | null
  sms: string | null
  service: string | null
}

export interface AcceptedSend extends SendParameters {
  channel: Channel
  /** Null: the service chooses. */
  from: string | null
  to: string
  service: string | null
  body: string
  contentSid: string | null
  variables: Record<string, string> | null
  mediaUrls: string[]
  statusCallback: string | null
}

const number = /^\+[1-9]\d{6,14}$/
const userId = /^[A-Z]{2}\.(ENT\.)?[A-Za-z0-9]{1,128}$/
const prefix = 'whatsapp:'

export function checkSend(
  form: URLSearchParams,
  own: OwnNumbers,
  contents: Pick<Contents, 'find'>,
  now: number,
): AcceptedSend | { refused: Refusal } {
  const refuse = (code: number, detail?: string) => ({ refused: refusal(code, detail) })
  const toText = form.get('To')?.trim() ?? ''
  if (toText === '') return refuse(21604)
  const channel: Channel = toText.startsWith(prefix) ? 'whatsapp' : 'sms'
  const to = channel === 'whatsapp' ? toText.slice(prefix.length) : toText
  if (!number.test(to) && !(channel === 'whatsapp' && userId.test(to))) return refuse(21211, toText)
  const magic = magicNumbers[to]
  if (magic !== undefined) return refuse(magic, toText)

  const service = form.get('MessagingServiceSid')?.trim() || null
  const fromText = form.get('From')?.trim() || null
  if (service === null && fromText === null) return refuse(21603)
  if (service !== null && service !== own.service) return refuse(21701, service)
  let from: string | null = null
  if (fromText !== null) {
    const fromChannel: Channel = fromText.startsWith(prefix) ? 'whatsapp' : 'sms'
    if (fromChannel !== channel) return refuse(21910)
    from = fromChannel === 'whatsapp' ? fromText.slice(prefix.length) : fromText
    if (from === to) return refuse(21211, toText)
    if (channel === 'sms' && !number.test(from)) return refuse(21212, fromText)
    if (from !== own[channel]) return refuse(channel === 'sms' ? 21606 : 63007, fromText)
  } else if (own[channel] === null) return refuse(21703)

  const statusCallback = form.get('StatusCallback')
  if (statusCallback !== null && !isCallable(statusCallback)) return refuse(21609, statusCallback)

  const contentSid = form.get('ContentSid')
  const variablesText = form.get('ContentVariables')
  if (variablesText !== null && contentSid === null) return refuse(21654)
  const mediaUrls = form.getAll('MediaUrl')
  let body = form.get('Body')
  let variables: Record<string, string> | null = null
  if (contentSid !== null) {
    const content = contents.find(contentSid)
    if (content === null) return refuse(21655, contentSid)
    variables = variablesText === null ? {} : readVariables(variablesText)
    if (variables === null) return refuse(21656)
    body = renderContent(content, variables)
  } else if (mediaUrls.length > 10) return refuse(21623)
  else if (mediaUrls.some((url) => !/^https?:\/\//.test(url) || !URL.canParse(url))) return refuse(21620)
  else if (mediaUrls.length === 0 && body === null) return refuse(21602)
  else if (mediaUrls.length === 0 && body === '') return refuse(21619)
  if ((body ?? '').length > 1600) return refuse(21617)

  const parameters = readParameters(form, now)
  if ('refused' in parameters) return parameters
  return { channel, from, to, service, body: body ?? '', contentSid, variables, mediaUrls, statusCallback, ...parameters }
}

/** A JSON object of texts; anything else is null. */
function readVariables(text: string): Record<string, string> | null {
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return null
    const entries = Object.entries(value)
    return entries.every(([, one]) => typeof one === 'string') ? Object.fromEntries(entries) : null
  } catch {
    return null
  }
}

/** Twilio wants a real host name. This computer's own are allowed, since the demo has no other. */
function isCallable(text: string): boolean {
  let url: URL
  try {
    url = new URL(text)
  } catch {
    return false
  }
  if (!/^https?:$/.test(url.protocol) || url.hostname.includes('_')) return false
  return url.hostname === 'localhost' || url.hostname === '[::1]' || /^[a-z0-9-]+(\.[a-z0-9-]+)+$/i.test(url.hostname)
}
