// A template as it is shown on the wire.
import type { Template } from '../../shared/model.ts'
import { neededNames, sendable } from '../rules/template.ts'
import type { TemplateRecord } from '../store/records.ts'

export function presentTemplate(template: TemplateRecord): Template {
  const { name, language, body, defaults, type, whatsapp, status, category, quality, rejection, gone, updatedAt } = template
  const may = sendable(template, 'whatsapp')
  return {
    ...{ name, language, body, variables: neededNames(template), defaults, type, whatsapp, status, category, quality, rejection, gone },
    approved: may === 'always',
    inWindow: may === 'always' || may === 'window',
    updatedAt: new Date(updatedAt).toISOString(),
  }
}
