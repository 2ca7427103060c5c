// The filter of the log as it stands in the page's address, and as the API is asked: a link shows the same to a colleague.
import type { Channel, Direction, MessageStatus } from '../../../shared/model.ts'
import { instantOf } from '../../../widget/panel/menus/zoned-time.ts'

export const statuses: readonly MessageStatus[] = [
  'scheduled',
  'queued',
  'sending',
  'unconfirmed',
  'sent',
  'delivered',
  'read',
  'failed',
  'canceled',
  'received',
]

export interface LogFilter {
  status: MessageStatus[]
  direction: Direction | ''
  channel: Channel | ''
  /** An author's type or an agent's id. */
  author: string
  automation: string
  campaignId: string
  coordinationId: string
  contactId: string
  conversationId: string
  /** Days as the calendar writes them, the last one included. */
  from: string
  to: string
  q: string
}

export const noFilter: LogFilter = {
  status: [],
  direction: '',
  channel: '',
  author: '',
  automation: '',
  campaignId: '',
  coordinationId: '',
  contactId: '',
  conversationId: '',
  from: '',
  to: '',
  q: '',
}

type TextField = Exclude<keyof LogFilter, 'status' | 'direction' | 'channel'>
const textFields = Object.keys(noFilter).filter((one) => !['status', 'direction', 'channel'].includes(one)) as TextField[]
const DAY_MS = 86_400_000
const day = /^\d{4}-\d\d-\d\d$/
const isDay = (text: string) => day.test(text) && !Number.isNaN(Date.parse(text))

/** What stands behind `#/log`. Whatever it does not understand is left out: an address may be typed by hand. */
export function readAddress(rest: string): { filter: LogFilter; open: string | null } {
  const given = new URLSearchParams(rest.replace(/^\?/, ''))
  const filter: LogFilter = { ...noFilter }
  const asked = (given.get('status') ?? '').split(',')
  filter.status = statuses.filter((one) => asked.includes(one))
  const direction = given.get('direction') ?? ''
  if (direction === 'inbound' || direction === 'outbound' || direction === 'internal') filter.direction = direction
  const channel = given.get('channel') ?? ''
  if (channel === 'whatsapp' || channel === 'sms') filter.channel = channel
  for (const field of textFields) {
    const value = given.get(field)?.trim() ?? ''
    if ((field === 'from' || field === 'to') && !isDay(value)) continue
    filter[field] = value
  }
  return { filter, open: given.get('message') }
}

/** The address of the page with this filter, and with one message open. */
export function addressOf(filter: Partial<LogFilter>, open: string | null = null): string {
  const given = new URLSearchParams()
  for (const [field, value] of Object.entries(filter)) {
    const text = Array.isArray(value) ? value.join(',') : value
    if (text !== '') given.set(field, text)
  }
  if (open !== null) given.set('message', open)
  const query = given.toString()
  return query === '' ? '#/log' : `#/log?${query}`
}

/** As `GET /api/messages` takes it. Days are the organization's. */
export function queryOf(filter: LogFilter, timezone: string): Record<string, string> {
  const { status, from, to, ...rest } = filter
  const query: Record<string, string> = {}
  if (status.length > 0) query.status = status.join(',')
  for (const [field, value] of Object.entries(rest)) if (value !== '') query[field] = value
  if (from !== '') query.from = startOf(timezone, from, 0)
  if (to !== '') query.to = startOf(timezone, to, 1)
  return query
}

function startOf(timezone: string, text: string, daysLater: number): string {
  const day = new Date(Date.parse(text) + daysLater * DAY_MS)
  return instantOf(timezone, day.getUTCFullYear(), day.getUTCMonth() + 1, day.getUTCDate(), 0, 0).toISOString()
}

/** How many of its fields say something. */
export function countFilters(filter: LogFilter): number {
  return Object.values(filter).filter((value) => value.length > 0).length
}
