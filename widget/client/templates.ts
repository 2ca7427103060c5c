// Asks for templates. A chunk of its own: only who looks at them needs it.
import type { Template } from '../../shared/model.ts'
import type { Http } from './http.ts'

/** The first of them: the server may keep thousands. Null: not now. */
export async function askTemplates(http: Http): Promise<Template[] | null> {
  const answer = await http<{ items: Template[] }>('GET', '/api/templates?limit=100')
  return answer.ok ? answer.items : null
}

export async function findTemplate(http: Http, known: readonly Template[], name: string, language?: string): Promise<Template | null> {
  const found = known.find((one) => one.name === name && (language === undefined || one.language === language))
  if (found) return found
  const query = language === undefined ? '' : `?language=${encodeURIComponent(language)}`
  const answer = await http<Template>('GET', `/api/templates/${encodeURIComponent(name)}${query}`)
  return answer.ok ? answer : null
}
