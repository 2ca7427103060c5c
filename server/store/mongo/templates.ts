// Templates: by name and language, by Twilio's content, in pages.
import { languageOf } from '../../../shared/languages.ts'
import { createMatcher, templateTexts } from '../../rules/search.ts'
import { isSameTemplate, sendable } from '../../rules/template.ts'
import type {
  Page,
  PageRequest,
  TemplateChanged,
  TemplateFilter,
  TemplateInput,
  TemplateKey,
  TemplateRecord,
  TemplateRule,
} from '../records.ts'
import type { Database } from './database.ts'
import type { TemplateDoc } from './documents.ts'
import { readParts, writePosition } from './position.ts'
import { insertOnce, repeat, withoutConflict } from './write.ts'

const SCAN = 2000

export const templateKey = (orgId: string, { name, language }: TemplateKey): string => JSON.stringify([orgId, name, language])

export const toTemplate = ({ template, rev, updatedAt }: TemplateDoc): TemplateRecord => ({
  ...(JSON.parse(template) as TemplateInput),
  rev,
  updatedAt,
})

export function docOfTemplate(orgId: string, { rev, updatedAt, ...template }: TemplateRecord): TemplateDoc {
  return {
    _id: templateKey(orgId, template),
    orgId,
    name: template.name,
    language: template.language,
    ...(template.whatsapp === null ? {} : { contentSid: template.whatsapp.contentSid }),
    approved: sendable(template, 'whatsapp') === 'always',
    template: JSON.stringify(template),
    rev,
    updatedAt,
  }
}

export async function templatesNamed(db: Database, orgId: string, name: string): Promise<TemplateRecord[]> {
  return (await db.templates.find({ orgId, name }).sort({ language: 1 }).toArray()).map(toTemplate)
}

export async function templatesOfContents(db: Database, orgId: string, contentSids: readonly string[]): Promise<TemplateRecord[]> {
  const found = await db.templates
    .find({ orgId, contentSid: { $in: [...contentSids] } })
    .sort({ name: 1, language: 1 })
    .toArray()
  return found.map(toTemplate)
}

export async function templates(db: Database, orgId: string, filter: TemplateFilter, page: PageRequest): Promise<Page<TemplateRecord>> {
  const matches = createMatcher(filter.q)
  const isFiltered = matches !== null || filter.language !== undefined
  const wanted = ({ language, template }: TemplateDoc) =>
    (filter.language === undefined || languageOf(language) === languageOf(filter.language)) &&
    (matches === null || matches(templateTexts(JSON.parse(template) as TemplateInput)))
  const kept: TemplateDoc[] = []
  let position = readParts(page.cursor, ['string', 'string'])
  const answer = (next: boolean): Page<TemplateRecord> => ({
    items: kept.map(toTemplate),
    nextCursor: next ? writePosition(position) : null,
  })
  for (let scanned = 0; ; ) {
    const batch = isFiltered ? 500 : page.limit + 1
    const [name = null, language = null] = position ?? []
    const found = await db.templates
      .find({
        orgId,
        ...(filter.approved ? { approved: true } : {}),
        ...(position
          ? { name: { $gte: String(name) }, $or: [{ name: { $gt: String(name) } }, { language: { $gt: String(language) } }] }
          : {}),
      })
      .sort({ name: 1, language: 1 })
      .limit(batch)
      .toArray()
    for (const doc of found) {
      if (kept.length === page.limit || scanned === SCAN) return answer(true)
      scanned++
      if (wanted(doc)) kept.push(doc)
      position = [doc.name, doc.language]
    }
    if (found.length < batch) return answer(false)
  }
}

export async function changeTemplate(
  db: Database,
  orgId: string,
  key: TemplateKey,
  decide: TemplateRule,
  now: number,
): Promise<TemplateChanged> {
  const _id = templateKey(orgId, key)
  const done = await repeat<TemplateChanged>(async () => {
    const found = await db.templates.findOne({ _id, orgId })
    const before = found && toTemplate(found)
    const input = decide(before)
    if (input === null || (before !== null && isSameTemplate(before, input))) return { created: false, changed: false, template: before }
    const template: TemplateRecord = { ...input, name: key.name, language: key.language, rev: (before?.rev ?? 0) + 1, updatedAt: now }
    const doc = docOfTemplate(orgId, template)
    if (found) {
      const { matchedCount } = await db.templates.replaceOne({ _id, orgId, rev: found.rev }, doc)
      return matchedCount === 1 ? { created: false, changed: true, template } : undefined
    }
    const { inserted } = await insertOnce(db.templates, doc, { _id })
    return inserted ? { created: true, changed: true, template } : undefined
  })
  if (done.changed) await noteChange(db, orgId)
  return done
}

export async function deleteTemplates(db: Database, orgId: string, name: string, language: string | null): Promise<number> {
  const { deletedCount } = await db.templates.deleteMany({ orgId, name, ...(language === null ? {} : { language }) })
  if (deletedCount > 0) await noteChange(db, orgId)
  return deletedCount
}

/** After the change: who reads the number finds the change, too. */
async function noteChange(db: Database, orgId: string): Promise<void> {
  await repeat(async () => {
    const raise = { $inc: { changes: 1 }, $currentDate: { changedAt: true } } as const
    const { matchedCount } = await withoutConflict(() => db.templateChanges.updateOne({ _id: orgId, orgId }, raise))
    if (matchedCount === 1) return true
    const first = { _id: orgId, orgId, changes: 1, changedAt: new Date(await db.now()) }
    const { inserted } = await insertOnce(db.templateChanges, first, { _id: orgId })
    return inserted || undefined
  })
}
