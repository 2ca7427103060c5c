// The language in which a client is likely to read: of the last template that went to him, else of his country, else the agent's.
import { languageOf, languageOfNumber } from '../../../shared/languages.ts'
import type { Message, Template } from '../../../shared/model.ts'

export function clientLanguage(
  messages: readonly Pick<Message, 'direction' | 'template'>[],
  templates: readonly Pick<Template, 'name' | 'language'>[],
  phone: string | null,
  ours: string,
): string {
  const last = messages.findLast((one) => one.direction === 'outbound' && one.template)?.template
  const sent = last && templates.find((one) => one.name === last.name)
  return languageOf(sent?.language ?? languageOfNumber(phone) ?? ours)
}
