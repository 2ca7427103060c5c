// Some of those whom a draft is for, to show each one's message before anything is kept.
import type { Contact, Coordination, Template } from '../../../../shared/model.ts'
import { knownValue, textsOf } from '../../../../shared/known-values.ts'
import { placeholders, renderTemplate } from '../../../../shared/templates.ts'
import type { Api } from '../../../api.ts'
import { type Draft, fieldValue, linesOf } from './draft.ts'
import { recipientIn } from './table-file.ts'

export interface SampleOne {
  to: string
  name: string
  variables: Record<string, string>
  /** Of its own, in the place of the campaign's. */
  text?: string
  record?: Coordination
}

const SHOWN = 20
const RECORDS = 5

/** What the sample depends on, and nothing else: typing the text does not ask again. */
export function sampleKey(draft: Draft): string {
  const { audience, channel, tag, field, value, ids, phones, file, columns } = draft
  const own = {
    all: [],
    tag: [tag],
    field: [field, value],
    coordinations: [ids],
    phones: [phones],
    upload: [file?.name, file?.count, columns],
  }
  return JSON.stringify([audience, channel, ...own[audience]])
}

export async function findSample(api: Api, draft: Draft): Promise<SampleOne[]> {
  switch (draft.audience) {
    case 'upload':
      return (draft.file?.first ?? []).map((row) => {
        const { to, name = '', text, variables = {} } = recipientIn(row, draft.columns)
        return { to, name, variables, ...(text === undefined ? {} : { text }) }
      })
    case 'phones':
      return linesOf(draft.phones)
        .slice(0, SHOWN)
        .map((to) => ({ to, name: '', variables: {} }))
    case 'coordinations':
      return await namedRecords(api, linesOf(draft.ids).slice(0, RECORDS))
    case 'field':
      return await recordsWith(api, draft)
    case 'all':
    case 'tag':
      return await contactsOf(api, draft)
  }
}

async function contactsOf(api: Api, { audience, tag, channel }: Draft): Promise<SampleOne[]> {
  const { items } = await api.get<{ items: Contact[] }>('/api/contacts', { limit: 100 })
  const wanted = items.filter(({ tags }) => audience === 'all' || tags.includes(tag.trim()))
  return wanted.slice(0, SHOWN).map(({ name, addresses }) => {
    const there = addresses.find((one) => one.channel === channel) ?? addresses[0]
    return { to: there?.phone ?? there?.address ?? '', name, variables: {} }
  })
}

const ofRecord = (record: Coordination): SampleOne => ({ to: record.contact.phone, name: record.contact.name, variables: {}, record })

async function namedRecords(api: Api, ids: readonly string[]): Promise<SampleOne[]> {
  const found = await Promise.all(
    ids.map((id) => api.get<Coordination>(`/api/coordinations/${encodeURIComponent(id)}`).then(ofRecord, () => null)),
  )
  return found.filter((one) => one !== null)
}

async function recordsWith(api: Api, { field, value }: Draft): Promise<SampleOne[]> {
  if (field.trim() === '') return []
  const { items } = await api.get<{ items: Coordination[] }>('/api/coordinations', { limit: 100 })
  const name = field.trim().replace(/^data\./, '')
  const wanted = fieldValue(value)
  const valueIn = (record: Coordination) => {
    if (Object.hasOwn(record.data, name)) return record.data[name]
    if (name === 'status') return record.status
    return name === 'title' ? record.title : undefined
  }
  return items
    .filter((record) => valueIn(record) === wanted)
    .slice(0, SHOWN)
    .map(ofRecord)
}

export interface SampleWhen {
  /** How the record's day and time are written. */
  day(iso: string): string
  time(iso: string): string
}

/** As this one will read it; what has no value yet stays as its placeholder. */
export function sampleText(body: string, draft: Draft, one: SampleOne, when: SampleWhen, template?: Pick<Template, 'defaults'>): string {
  const startsAt = one.record?.startsAt ?? null
  const facts = {
    data: [{ ...nonEmpty(draft.variables), ...one.variables }, ...(one.record ? [textsOf(one.record.data)] : [])],
    contactName: one.name,
    agentName: '',
    title: one.record?.title ?? '',
    day: startsAt === null ? '' : when.day(startsAt),
    time: startsAt === null ? '' : when.time(startsAt),
  }
  const values = placeholders(body).flatMap((name) => {
    const value = knownValue(name, facts) || template?.defaults[name]
    return value ? [[name, value] as const] : []
  })
  return renderTemplate(body, Object.fromEntries(values))
}

const nonEmpty = (values: Record<string, string>) => Object.fromEntries(Object.entries(values).filter(([, value]) => value.trim() !== ''))
