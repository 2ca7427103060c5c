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
import { readCursor, SCAN_BUDGET, scan, writeCursor } from './paging.ts'
import type { Sqlite } from './sqlite.ts'

export interface TemplateRow {
  org_id: string
  name: string
  language: string
  content_sid: string | null
  approved: number
  template: string
  rev: number
  updated_at: number
}

export const toTemplate = ({ template, rev, updated_at }: TemplateRow): TemplateRecord => ({
  ...(JSON.parse(template) as TemplateInput),
  rev,
  updatedAt: updated_at,
})

export function rowOfTemplate(orgId: string, { rev, updatedAt, ...template }: TemplateRecord): TemplateRow {
  return {
    org_id: orgId,
    name: template.name,
    language: template.language,
    content_sid: template.whatsapp?.contentSid ?? null,
    approved: sendable(template, 'whatsapp') === 'always' ? 1 : 0,
    template: JSON.stringify(template),
    rev,
    updated_at: updatedAt,
  }
}

export function templatesNamed(sql: Sqlite, orgId: string, name: string): TemplateRecord[] {
  return sql.all<TemplateRow>('SELECT * FROM templates WHERE org_id = ? AND name = ? ORDER BY language', orgId, name).map(toTemplate)
}

export function templatesOfContents(sql: Sqlite, orgId: string, contentSids: readonly string[]): TemplateRecord[] {
  return sql
    .all<TemplateRow>(
      `SELECT * FROM templates INDEXED BY templates_by_content
       WHERE org_id = ? AND content_sid IS NOT NULL AND content_sid IN (SELECT value FROM json_each(?)) ORDER BY name, language`,
      orgId,
      JSON.stringify(contentSids),
    )
    .map(toTemplate)
}

export function templates(sql: Sqlite, orgId: string, filter: TemplateFilter, page: PageRequest): Page<TemplateRecord> {
  const from = readCursor(page.cursor, ['string', 'string'])
  const rows = sql.each<TemplateRow>(
    `SELECT * FROM templates ${filter.approved ? 'INDEXED BY templates_approved' : ''} WHERE org_id = ?${filter.approved ? ' AND approved = 1' : ''}
       ${from ? 'AND (name, language) > (?, ?)' : ''} ORDER BY name, language`,
    orgId,
    ...(from ? [String(from[0]), String(from[1])] : []),
  )
  const matches = createMatcher(filter.q)
  const { kept, last } = scan(rows, page.limit, SCAN_BUDGET, (row) => {
    if (filter.language !== undefined && languageOf(row.language) !== languageOf(filter.language)) return false
    return matches === null || matches(templateTexts(toTemplate(row)))
  })
  return { items: kept.map(toTemplate), nextCursor: last ? writeCursor([last.name, last.language]) : null }
}

export function changeTemplate(sql: Sqlite, orgId: string, key: TemplateKey, decide: TemplateRule, now: number): Promise<TemplateChanged> {
  return sql.write(() => {
    const row = sql.get<TemplateRow>(
      'SELECT * FROM templates WHERE org_id = ? AND name = ? AND language = ?',
      orgId,
      key.name,
      key.language,
    )
    const before = row ? toTemplate(row) : null
    const input = decide(before)
    if (input === null || (before !== null && isSameTemplate(before, input))) return { created: false, changed: false, template: before }
    const template: TemplateRecord = { ...input, name: key.name, language: key.language, rev: (before?.rev ?? 0) + 1, updatedAt: now }
    const saved = rowOfTemplate(orgId, template)
    const columns = Object.keys(saved) as (keyof TemplateRow)[]
    sql.run(
      `INSERT INTO templates (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})
       ON CONFLICT (org_id, name, language) DO UPDATE SET ${columns.map((column) => `${column} = excluded.${column}`).join(', ')}`,
      ...columns.map((column) => saved[column]),
    )
    noteChange(sql, orgId)
    return { created: before === null, changed: true, template }
  })
}

export function deleteTemplates(sql: Sqlite, orgId: string, name: string, language: string | null): Promise<number> {
  return sql.write(() => {
    const deleted = sql.run(
      `DELETE FROM templates WHERE org_id = ? AND name = ?${language === null ? '' : ' AND language = ?'}`,
      orgId,
      name,
      ...(language === null ? [] : [language]),
    )
    if (deleted > 0) noteChange(sql, orgId)
    return deleted
  })
}

export function noteChange(sql: Sqlite, orgId: string): void {
  sql.run(
    `INSERT INTO template_changes (org_id, changes, feed) VALUES (?, 1, ?)
     ON CONFLICT (org_id) DO UPDATE SET changes = changes + 1, feed = excluded.feed`,
    orgId,
    sql.turn(),
  )
}
