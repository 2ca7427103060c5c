// The language in which a client is likely to read: of the last template that went to him, else of his country, else the agent's.
import type { Message, Template } from '../../../shared/model.ts'

/** By the number's beginning; of what is not here the agent's language is as good a guess as any. */
const byCountry: [RegExp, string][] = [
  [/^\+(55|351|244|258)/, 'pt'],
  [/^\+(34|5[1234678]|50[2-7]|53|59[1358]|240|1(809|829|849|787|939))/, 'es'],
  [/^\+(1|44|61|64|353|27)/, 'en'],
]

export function clientLanguage(
  messages: readonly Pick<Message, 'direction' | 'template'>[],
  templates: readonly Pick<Template, 'name' | 'language'>[],
  phone: string | null,
  ours: string,
): string {
  const last = messages.findLast((one) => one.direction === 'outbound' && one.template)?.template
  const sent = last && templates.find((one) => one.name === last.name)
  return languageOf(sent?.language ?? byCountry.find(([begins]) => begins.test(phone ?? ''))?.[1] ?? ours)
}

/** `es_AR`, `pt-BR` → `es`, `pt`. */
export function languageOf(tag: string): string {
  return tag.slice(0, 2).toLowerCase()
}
