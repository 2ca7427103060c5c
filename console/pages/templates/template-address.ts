// Where one template stands in the console, and the call about it.
import type { Template } from '../../../shared/model.ts'

type Key = Pick<Template, 'name' | 'language'>

export const addressOf = ({ name, language }: Key): string => `#/templates/${encodeURIComponent(name)}/${encodeURIComponent(language)}`

export const pathOf = (name: string, language: string): string =>
  `/api/templates/${encodeURIComponent(name)}?language=${encodeURIComponent(language)}`
