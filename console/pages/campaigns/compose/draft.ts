// A campaign that is being written: what the form holds, what is wrong with it, and the call that it becomes. Pure.
import type { Audience, CampaignShown } from '../../../../shared/campaigns.ts'
import type { Purpose } from '../../../../shared/calendar.ts'
import type { Channel, Template } from '../../../../shared/model.ts'
import { placeholders } from '../../../../shared/templates.ts'
import { fromFields } from '../../../../widget/panel/menus/zoned-time.ts'
import type { CampaignWords } from '../words.ts'
import type { ColumnUse, TableFile } from './table-file.ts'

export const MOST_LISTED = 1000
const MOST_SLICE = 100_000
const MOST_PER_SECOND = 1000

/** One template in one language, as the list names it. */
export type TemplateKey = string
export const keyOf = ({ name, language }: Pick<Template, 'name' | 'language'>): TemplateKey => `${language}|${name}`

export interface Draft {
  name: string
  channel: Channel
  /** Empty: the channel's. */
  from: string
  purpose: Purpose
  kind: 'template' | 'text'
  text: string
  /** Empty: none chosen. */
  template: TemplateKey
  compares: boolean
  templateB: TemplateKey
  /** For all; an empty one is each one's own. */
  variables: Record<string, string>
  audience: Audience['type']
  tag: string
  field: string
  value: string
  ids: string
  phones: string
  file: TableFile | null
  columns: readonly ColumnUse[]
  perSecond: string
  hasSlice: boolean
  slice: string
  when: 'now' | 'at' | 'local'
  day: string
  hour: string
}

export const newDraft: Draft = {
  ...{
    name: '',
    channel: 'whatsapp',
    from: '',
    purpose: 'marketing',
    kind: 'template',
    text: '',
    template: '',
    compares: false,
    templateB: '',
  },
  ...{ variables: {}, audience: 'all', tag: '', field: '', value: '', ids: '', phones: '', file: null, columns: [] },
  ...{ perSecond: '80', hasSlice: true, slice: '250', when: 'now', day: '', hour: '10:00' },
}

/** As a campaign is that there is already; its file is not kept here. */
export function draftOf(campaign: CampaignShown): Draft {
  const { name, channel, purpose, text, template, templateB, variables, audience, maxPerSecond, firstSlice } = campaign
  const key = (one: CampaignShown['template']) => (one === null ? '' : keyOf({ name: one.name, language: one.language ?? '' }))
  return {
    ...newDraft,
    ...{ name, channel, purpose, text: text ?? '', kind: template === null ? 'text' : 'template' },
    ...{ template: key(template), compares: templateB !== null, templateB: key(templateB) },
    variables: { ...variables, ...template?.variables },
    audience: audience.type,
    tag: audience.type === 'tag' ? audience.tag : '',
    field: audience.type === 'field' ? audience.field : '',
    value: audience.type === 'field' ? String(audience.value) : '',
    ids: audience.type === 'coordinations' ? audience.ids.join('\n') : '',
    phones: audience.type === 'phones' ? audience.phones.join('\n') : '',
    ...{ perSecond: String(maxPerSecond), hasSlice: firstSlice !== null, slice: String(firstSlice ?? newDraft.slice) },
  }
}

/** What somebody typed or pasted, one on a line; doubles once. */
export const linesOf = (text: string): string[] => [...new Set(text.split(/[\n;]+/).map((one) => one.trim()))].filter((one) => one !== '')

/** The texts that go, of what is chosen. */
export function bodiesOf(draft: Draft, templates: readonly Template[]): string[] {
  if (draft.kind === 'text') return [draft.text]
  const keys = draft.compares ? [draft.template, draft.templateB] : [draft.template]
  return keys.flatMap((key) => templates.find((one) => keyOf(one) === key)?.body ?? [])
}

/** Names of values that the texts need. */
export const neededBy = (draft: Draft, templates: readonly Template[]): string[] => [
  ...new Set(bodiesOf(draft, templates).flatMap((body) => placeholders(body))),
]

type Faults = CampaignWords['compose']['faults']
export type FaultAt = Partial<
  Record<
    'name' | 'text' | 'template' | 'templateB' | 'tag' | 'field' | 'ids' | 'phones' | 'file' | 'time' | 'perSecond' | 'slice',
    keyof Faults
  >
>

const isWhole = (text: string, most: number): boolean => /^\d{1,6}$/.test(text.trim()) && Number(text) >= 1 && Number(text) <= most

export function faultsOf(draft: Draft, templates: readonly Template[], timezone: string, now: number): FaultAt {
  const found: FaultAt = { ...messageFaults(draft, templates), ...audienceFaults(draft), ...timeFaults(draft, timezone, now) }
  if (draft.name.trim() === '') found.name = 'name'
  if (!isWhole(draft.perSecond, MOST_PER_SECOND)) found.perSecond = 'perSecond'
  if (draft.hasSlice && !isWhole(draft.slice, MOST_SLICE)) found.slice = 'slice'
  return found
}

function messageFaults(draft: Draft, templates: readonly Template[]): FaultAt {
  if (draft.kind === 'text') return draft.text.trim() === '' ? { text: 'text' } : {}
  const isThere = (key: TemplateKey) => templates.some((one) => keyOf(one) === key)
  const found: FaultAt = isThere(draft.template) ? {} : { template: 'template' }
  if (draft.compares && (!isThere(draft.templateB) || draft.templateB === draft.template)) found.templateB = 'templateB'
  return found
}

function audienceFaults({ audience, tag, field, ids, phones, file, columns }: Draft): FaultAt {
  const listFault = (text: string, none: 'ids' | 'phones') => {
    const { length } = linesOf(text)
    if (length === 0) return { [none]: none }
    return length > MOST_LISTED ? { [none]: 'tooMany' as const } : {}
  }
  switch (audience) {
    case 'tag':
      return tag.trim() === '' ? { tag: 'tag' } : {}
    case 'field':
      return field.trim() === '' ? { field: 'field' } : {}
    case 'coordinations':
      return listFault(ids, 'ids')
    case 'phones':
      return listFault(phones, 'phones')
    case 'upload':
      if (file === null) return { file: 'file' }
      if (file.count === 0) return { file: 'empty' }
      return columns.includes('to') ? {} : { file: 'noNumber' }
    case 'all':
      return {}
  }
}

function timeFaults(draft: Draft, timezone: string, now: number): FaultAt {
  if (draft.when === 'now') return {}
  // Where each one lives it may be later still: the house's own clock is near enough to notice a day that has passed.
  const at = fromFields({ locale: 'en', timezone }, draft.day, draft.hour)
  if (at === null) return { time: 'time' }
  const margin = draft.when === 'local' ? 24 * 60 * 60_000 : 0
  return at.getTime() + margin <= now ? { time: 'past' } : {}
}

export function startAtOf({ when, day, hour }: Draft, timezone: string): string | undefined {
  if (when === 'now') return undefined
  if (when === 'local') return `${day}T${hour.slice(0, 5)}`
  return fromFields({ locale: 'en', timezone }, day, hour)?.toISOString()
}

/** As typed: a number or a word that JSON has is that, as the host's records hold it. */
export function fieldValue(text: string): string | number | boolean | null {
  const typed = text.trim()
  if (typed === 'true' || typed === 'false') return typed === 'true'
  if (typed === 'null') return null
  return /^-?(0|[1-9]\d{0,14})(\.\d{1,6})?$/.test(typed) ? Number(typed) : text
}

export function audienceOf(draft: Draft): Audience {
  switch (draft.audience) {
    case 'tag':
      return { type: 'tag', tag: draft.tag.trim() }
    case 'field':
      return { type: 'field', field: draft.field.trim(), value: fieldValue(draft.value) }
    case 'coordinations':
      return { type: 'coordinations', ids: linesOf(draft.ids) }
    case 'phones':
      return { type: 'phones', phones: linesOf(draft.phones) }
    case 'all':
    case 'upload':
      return { type: draft.audience }
  }
}

/** The body of `POST /api/campaigns`, of a draft without faults. */
export function bodyOf(draft: Draft, templates: readonly Template[], timezone: string): object {
  const needed = neededBy(draft, templates)
  const given = Object.entries(draft.variables).filter(([name, value]) => needed.includes(name) && value.trim() !== '')
  const use = (key: TemplateKey) => {
    const [language = '', ...name] = key.split('|')
    return { name: name.join('|'), ...(language === '' ? {} : { language }) }
  }
  const said =
    draft.kind === 'text'
      ? { text: draft.text }
      : { template: use(draft.template), ...(draft.compares ? { templateB: use(draft.templateB) } : {}) }
  const startAt = startAtOf(draft, timezone)
  return {
    ...{ name: draft.name.trim(), channel: draft.channel, purpose: draft.purpose, ...said, variables: Object.fromEntries(given) },
    ...{ audience: audienceOf(draft), maxPerSecond: Number(draft.perSecond), firstSlice: draft.hasSlice ? Number(draft.slice) : null },
    ...(draft.from === '' ? {} : { from: draft.from }),
    ...(startAt === undefined ? {} : { startAt }),
  }
}
