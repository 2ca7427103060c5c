// A template as it goes out to one client: found, allowed, filled, and on WhatsApp as the content that the gateway sends.
import { isBlank } from '../../shared/is-blank.ts'
import { knownValue, textsOf } from '../../shared/known-values.ts'
import { languageOfNumber } from '../../shared/languages.ts'
import { TEXT_CHARS } from '../../shared/lengths.ts'
import type { Channel } from '../../shared/model.ts'
import { DomainError } from '../../shared/problems.ts'
import { TEMPLATE_CHARS } from '../../shared/requests.ts'
import type { ValueFault } from '../../shared/template-values.ts'
import type { Organization } from '../organizations.ts'
import type { Parts } from '../parts.ts'
import { codeLivesMs, isOfCodes } from '../rules/code-template.ts'
import {
  chooseLanguage,
  contentOf,
  fillValues,
  neededNames,
  type NotSendable,
  sendable,
  textOf,
  tidyValues,
  valueFaults,
  whyNot,
} from '../rules/template.ts'
import type { Draft, TemplateRecord } from '../store/records.ts'
import { formatTime } from './format-time.ts'
import { seesAll } from '../store/sees-all.ts'

export interface TemplateUse {
  name: string
  language?: string | undefined
  variables?: Record<string, string> | undefined
}

/** Whom it is for, and when: what is not given is taken from here. */
export interface Recipient {
  phone: string | null
  contactName: string | null
  agentName: string
  coordinationId: string | null
  windowOpen: boolean
  /** What is said of the moment, such as the amount that was paid: before what the record says. */
  data?: Readonly<Record<string, string>>
}

/** It holds a one-time code: its text is not kept, it goes before everything else, and is worth nothing when it is late. */
export interface Code {
  livesMs: number
}

export type Filled = Pick<Draft, 'text' | 'template' | 'content' | 'marketing'>

/**
 * @throws DomainError `template_not_approved` for one that may not go now (unknown, not in that language, not approved),
 *   `template_variables_missing` with an issue each, `validation_failed` where the text would be longer than the channel takes.
 */
export async function useTemplate(
  parts: Pick<Parts, 'store'>,
  own: Organization,
  channel: Channel,
  use: TemplateUse,
  to: Recipient,
): Promise<{ filled: Filled; needsWindow: boolean; code: Code | null }> {
  const template = await find(parts, own, channel, use, to)
  const given = tidyValues(use.variables)
  const open = neededNames(template).filter((name) => isBlank(given[name] ?? ''))
  const known = open.length === 0 ? {} : await knownValues(parts, own, template.language, open, to)
  return {
    filled: fillTemplate(template, channel, given, known),
    needsWindow: sendable(template, channel) === 'window',
    code: isOfCodes(template) ? { livesMs: codeLivesMs(template) } : null,
  }
}

async function find({ store }: Pick<Parts, 'store'>, own: Organization, channel: Channel, use: TemplateUse, to: Recipient) {
  const named = await store.templatesNamed(own.id, use.name)
  const template = chooseLanguage(named, {
    asked: use.language,
    client: languageOfNumber(to.phone),
    house: own.settings.locale,
    mayGo: (one) => whyNot(one, channel, to.windowOpen) === null,
  })
  if (template === null)
    throw new DomainError(
      'template_not_approved',
      named.length > 0 ? `The template "${use.name}" is not there in "${use.language}".` : `Template not found: "${use.name}".`,
    )
  const why = whyNot(template, channel, to.windowOpen)
  if (why !== null) throw new DomainError('template_not_approved', `The template "${use.name}" cannot be sent: ${reasonOf(template, why)}.`)
  return template
}

export function reasonOf({ status, rejection }: Pick<TemplateRecord, 'status' | 'rejection'>, why: NotSendable | 'window'): string {
  switch (why) {
    case 'gone':
      return 'Twilio does not have it any more'
    case 'no_text':
      return 'it has no text for SMS'
    case 'needs_approval':
      return `this kind needs WhatsApp’s approval, and it is ${status}`
    case 'not_approved':
      return `WhatsApp has it as ${status}${rejection ? ` (${rejection})` : ''}`
    case 'window':
      return `it is ${status}, and may only go within 24 hours of the client’s last message`
  }
}

const faultWords: Record<ValueFault, string> = {
  empty: 'is required',
  break: 'holds a line break or a tab',
  spaces: 'holds more than four spaces in a row',
  long: 'is too long',
  code: 'is no code: letters and digits, 15 at most',
}

/** Pure. @throws DomainError as `useTemplate`. */
export function fillTemplate(
  template: TemplateRecord,
  channel: Channel,
  given: Readonly<Record<string, string>>,
  known: Readonly<Record<string, string>> = {},
): Filled {
  const { values, filled } = fillValues(template, given, known)
  const faults = valueFaults(template, values)
  if (faults.length > 0)
    throw new DomainError(
      'template_variables_missing',
      `The template "${template.name}" needs ${faults.map((one) => one.name).join(', ')}.`,
      {
        issues: faults.map(({ name, fault }) => ({ path: `template.variables.${name}`, message: faultWords[fault] })),
      },
    )
  const text = textOf(template, values)
  const most = channel === 'whatsapp' ? TEMPLATE_CHARS : TEXT_CHARS
  if (text.length > most)
    throw new DomainError('validation_failed', `With these values the template has ${text.length} characters; it may have ${most}.`, {
      issues: [{ path: 'template.variables', message: `are too long: the text may have ${most} characters` }],
    })
  return {
    text,
    template: {
      ...{ name: template.name, variables: values, language: template.language },
      ...(template.category === null || channel === 'sms' ? {} : { category: template.category }),
      ...(filled.length > 0 ? { filled } : {}),
    },
    ...(template.category?.toUpperCase() === 'MARKETING' ? { marketing: true as const } : {}),
    content: channel === 'whatsapp' ? contentOf(template, values) : null,
  }
}

/** From the record's data, the client and the agent; days and times as the template's language writes them. */
async function knownValues({ store }: Pick<Parts, 'store'>, own: Organization, language: string, names: readonly string[], to: Recipient) {
  const record = to.coordinationId === null ? null : await store.coordination(seesAll(own.id), to.coordinationId)
  const startsAt = record?.startsAt ? new Date(record.startsAt) : null
  const write = (part: 'day' | 'time') =>
    startsAt === null ? '' : formatTime(startsAt, part, language, record?.timezone ?? own.settings.timezone)
  const facts = {
    data: [to.data ?? {}, textsOf(record?.data ?? {})],
    // A client who is written to for the first time has no name but the record's: until then the number stands for it.
    contactName: [to.contactName, record?.contact.name].find((name) => name && !/^[+\d]/.test(name)) ?? '',
    agentName: to.agentName,
    senderName: own.settings.senderName,
    organizationName: own.settings.name,
    title: record?.title ?? '',
    day: write('day'),
    time: write('time'),
  }
  return Object.fromEntries(names.map((name) => [name, knownValue(name, facts) ?? '']))
}
