// A template's name as people read it, with its language where that is not the agent's: "Saludo · inglés".
import { languageOf } from '../../../shared/languages.ts'
import type { Template } from '../../../shared/model.ts'
import { templateTitle } from '../template-title.ts'

export function nameOf({ name, language }: Pick<Template, 'name' | 'language'>, ours: string): string {
  const tag = languageOf(language)
  const title = templateTitle(name)
  return tag === ours ? title : `${title} · ${new Intl.DisplayNames(ours, { type: 'language' }).of(tag) ?? tag}`
}
