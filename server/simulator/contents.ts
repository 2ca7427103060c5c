// Twilio's contents with their approvals by WhatsApp, which take time and can refuse, pause and change the category; every change is
// told as Event Streams tell it.
import { codeText } from '../../shared/code-words.ts'
import type { Clock } from '../clock.ts'
import { renderContent, type SimulatorContent, simulatorContents } from './content.ts'
import type { Faults } from './faults.ts'
import type { Scheduler } from './scheduler.ts'
import { type Refusal, refusal } from './refusals.ts'

type Types = Readonly<Record<string, Readonly<Record<string, unknown>>>>

export interface Approval {
  name: string
  category: string
  status: 'received' | 'pending' | 'approved' | 'rejected' | 'paused' | 'disabled'
  rejectionReason: string
}

export interface KeptContent extends SimulatorContent {
  types: Types
  createdAt: number
  /** Null: nobody asked. */
  approval: Approval | null
  quality: 'green' | 'yellow' | 'red'
}

export type TemplateEventKind = 'status_update' | 'category_update' | 'quality_update'

export interface TemplateEvent {
  kind: TemplateEventKind
  content: KeptContent
  previousValue: string
  currentValue: string
  at: number
}

export interface Contents {
  find(sid: string): KeptContent | null
  all(): readonly KeptContent[]
  create(wanted: Pick<SimulatorContent, 'friendlyName' | 'language' | 'variables'> & { types: Types }): KeptContent | { refused: Refusal }
  /** Made by Twilio's own hand: no limit holds, and it is approved. */
  add(wanted: SimulatorContent): KeptContent
  remove(sid: string): boolean
  submit(content: KeptContent, name: string, category: string): Approval | { refused: Refusal }
  change(sid: string, kind: TemplateEventKind, value: string): void
  /** Why a message with it will not arrive; null: it may. */
  fate(sid: string, windowOpen: boolean): number | null
  /** The switches were moved. */
  heed(): void
  clear(): void
}

const HOUR_MS = 60 * 60_000
/** WhatsApp gives a name free again after 30 days. */
const NAME_MS = 30 * 24 * HOUR_MS
const CREATIONS_AN_HOUR = 100
const OPENED_AT = Date.parse('2026-01-13T23:33:46Z')
const failures: Partial<Record<Approval['status'], number>> = { rejected: 63040, paused: 63041, disabled: 63042 }

interface ContentParts {
  clock: Clock
  faults: Faults
  scheduler: Scheduler
  approvedAfterMs: number
  /** Beside those that every account has. */
  opening?: readonly SimulatorContent[]
  newSid(prefix: string): string
  /** What one moment changed. */
  tell(events: readonly TemplateEvent[]): void
}

export function createContents({ clock, faults, scheduler, approvedAfterMs, newSid, tell, opening = [] }: ContentParts): Contents {
  const kept = new Map<string, KeptContent>()
  /** When names that WhatsApp knew were given up. */
  const freed = new Map<string, number>()
  let created: number[] = []
  let told: TemplateEvent[] = []
  const nameKey = (name: string, language: string) => `${name} ${language}`

  const keep = (content: Omit<KeptContent, 'quality'>): KeptContent => {
    const whole: KeptContent = { ...content, quality: 'green' }
    kept.set(whole.sid, whole)
    return whole
  }
  const add = (one: SimulatorContent) =>
    keep({
      ...one,
      types: typesOf(one),
      createdAt: OPENED_AT,
      approval: { name: one.friendlyName, category: 'UTILITY', status: 'approved', rejectionReason: '' },
    })

  const note = (content: KeptContent, kind: TemplateEventKind, previousValue: string, currentValue: string) => {
    if (previousValue === currentValue) return
    if (told.length === 0)
      queueMicrotask(() => {
        const events = told
        told = []
        tell(events)
      })
    told.push({ kind, content, previousValue, currentValue, at: clock.now() })
  }
  const setStatus = (content: KeptContent, status: Approval['status'], rejectionReason = '') => {
    const { approval } = content
    if (approval === null || kept.get(content.sid) !== content) return
    const before = approval.status
    Object.assign(approval, { status, rejectionReason })
    note(content, 'status_update', before, status)
  }
  const setCategory = (content: KeptContent, category: string) => {
    if (content.approval === null) return
    const before = content.approval.category
    content.approval.category = category
    note(content, 'category_update', before.toLowerCase(), category.toLowerCase())
  }
  const setQuality = (content: KeptContent, quality: KeptContent['quality']) => {
    const before = content.quality
    content.quality = quality
    note(content, 'quality_update', before, quality)
  }

  const decide = (content: KeptContent) => {
    if (content.approval?.status !== 'pending' || faults.get().templatesWait) return
    if (faults.get().templatesRejected) return setStatus(content, 'rejected', 'The template does not match the category that was chosen.')
    // What WhatsApp's machine refuses before a person looks.
    if (!('whatsapp/authentication' in content.types) && /^\s*\{\{|\}\}\s*$|\}\}\s*\{\{/.test(content.body))
      return setStatus(content, 'rejected', 'INVALID_FORMAT')
    setStatus(content, 'approved')
    heedOne(content)
  }

  const heedOne = (content: KeptContent) => {
    const { templatesPaused, templatesMarketing, templatesDisliked } = faults.get()
    const { approval } = content
    if (approval === null) return
    if (approval.status === 'approved' || approval.status === 'paused') setStatus(content, templatesPaused ? 'paused' : 'approved')
    if (templatesMarketing && approval.status === 'approved' && approval.category === 'UTILITY') setCategory(content, 'MARKETING')
    if (approval.status === 'approved' || content.quality === 'red') setQuality(content, templatesDisliked ? 'red' : 'green')
  }

  for (const one of [...simulatorContents, ...opening]) add(one)

  return {
    find: (sid) => kept.get(sid) ?? null,
    all: () => [...kept.values()],
    add,
    create({ friendlyName, language, variables, types }) {
      const now = clock.now()
      created = created.filter((at) => at > now - HOUR_MS)
      if (created.length >= CREATIONS_AN_HOUR) return { refused: refusal(20429) }
      created.push(now)
      const shape = Object.values(types)[0] ?? {}
      const written = ['header_text', 'title', 'body', 'subtitle', 'footer']
        .flatMap((field) => (typeof shape[field] === 'string' ? [shape[field]] : []))
        .join('\n')
      const body = 'whatsapp/authentication' in types ? codeBody(language, shape) : written
      return keep({ sid: newSid('HX'), friendlyName, language, variables, types, body, createdAt: now, approval: null })
    },
    remove(sid) {
      const content = kept.get(sid)
      if (content?.approval) freed.set(nameKey(content.approval.name, content.language), clock.now())
      return kept.delete(sid)
    },
    submit(content, name, category) {
      if (content.approval !== null) return { refused: refusal(20001, 'This content was submitted already') }
      const isTaken =
        [...kept.values()].some((one) => one.approval?.name === name && one.language === content.language) ||
        (freed.get(nameKey(name, content.language)) ?? Number.NEGATIVE_INFINITY) > clock.now() - NAME_MS
      if (isTaken) return { refused: refusal(20001, 'A template of this name and language is there already') }
      content.approval = { name, category, status: 'received', rejectionReason: '' }
      scheduler.after(approvedAfterMs / 4, () => setStatus(content, 'pending'))
      scheduler.after(approvedAfterMs, () => decide(content))
      return content.approval
    },
    change(sid, kind, value) {
      const content = kept.get(sid)
      if (content === undefined) return
      if (kind === 'status_update') setStatus(content, value as Approval['status'])
      else if (kind === 'category_update') setCategory(content, value.toUpperCase())
      else setQuality(content, value as KeptContent['quality'])
    },
    fate(sid, windowOpen) {
      const content = kept.get(sid)
      if (content === undefined || content.approval?.status === 'approved') return null
      const failure = content.approval === null ? undefined : failures[content.approval.status]
      return failure ?? (windowOpen ? null : 63016)
    },
    heed() {
      for (const content of kept.values()) {
        if (content.approval?.status === 'pending') decide(content)
        else heedOne(content)
      }
    },
    clear() {
      kept.clear()
      freed.clear()
      created = []
      told = []
      for (const one of [...simulatorContents, ...opening]) add(one)
    },
  }
}

function typesOf({ body, buttons = [] }: SimulatorContent): Types {
  if (buttons.length === 0) return { 'twilio/text': { body } }
  return { 'twilio/quick-reply': { body, actions: buttons } }
}

/** The buttons that the client may press: what a quick reply says, and what the application is told of it. */
export function quickReplies(content: KeptContent | null, given: Readonly<Record<string, string>>): { id: string; title: string }[] {
  const shapes = Object.values(content?.types ?? {})
  const actions = shapes.flatMap(({ actions: all }) => (Array.isArray(all) ? (all as Readonly<Record<string, unknown>>[]) : []))
  return actions.flatMap(({ type = 'QUICK_REPLY', id, title }) => {
    if (content === null || type !== 'QUICK_REPLY' || typeof id !== 'string' || typeof title !== 'string') return []
    const fill = (body: string) => renderContent({ ...content, body }, given)
    return [{ id: fill(id), title: fill(title) }]
  })
}

/** WhatsApp writes it itself. */
function codeBody(language: string, shape: Readonly<Record<string, unknown>>): string {
  const { add_security_recommendation: warning, code_expiration_minutes: minutes } = shape
  return codeText({
    ...{ language, body: '{{1}}' },
    code: { warning: warning === true, ...(typeof minutes === 'number' ? { expiresInMinutes: minutes } : {}) },
  })
}
