// Where a template stands, as a word with a mark beside it: read without colour too.
import type { Template } from '../../../shared/model.ts'
import { Pill } from '../../parts/pill.tsx'
import type { TemplateWords } from './words.ts'

const kinds: Record<Template['status'], 'good' | 'waits' | 'bad' | 'plain'> = {
  approved: 'good',
  received: 'waits',
  pending: 'waits',
  paused: 'waits',
  rejected: 'bad',
  disabled: 'bad',
  unsubmitted: 'plain',
}

export function StatePill({ template, words }: { template: Pick<Template, 'status' | 'gone' | 'whatsapp'>; words: TemplateWords }) {
  if (template.gone) return <Pill kind="bad">{words.gone}</Pill>
  if (template.whatsapp === null && template.status === 'unsubmitted') return <Pill kind="plain">{words.own}</Pill>
  return <Pill kind={kinds[template.status]}>{words.statuses[template.status]}</Pill>
}

/** Twilio may name new ones: those stand as they are. */
export function categoryText({ category }: Pick<Template, 'category'>, words: TemplateWords): string {
  if (category === null) return '—'
  return words.categories[category as keyof TemplateWords['categories']] ?? category
}

export function qualityText({ quality }: Pick<Template, 'quality'>, words: TemplateWords): string {
  if (quality === null) return '—'
  return words.qualities[quality as keyof TemplateWords['qualities']] ?? quality
}

/** What its state means for whoever wants to send it. */
export function stateHint({ status, gone, whatsapp, inWindow }: Template, words: TemplateWords): string {
  if (gone) return words.goneHint
  if (whatsapp === null && status === 'unsubmitted') return words.notByWhatsapp
  const mayGo = status !== 'approved' && inWindow ? ` ${words.inWindow}` : ''
  return words.statusHints[status] + mayGo
}
