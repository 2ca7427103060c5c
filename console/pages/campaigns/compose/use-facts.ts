// What the form chooses from: our numbers, and every template.
import { useCallback, useEffect, useState } from 'preact/hooks'
import type { Sender } from '../../../../shared/events.ts'
import type { Template } from '../../../../shared/model.ts'
import type { Api } from '../../../api.ts'

/** Nobody chooses from more in one list. */
const MOST_TEMPLATES = 1000

export interface FormFacts {
  senders: Sender[]
  templates: Template[]
  error: unknown
  again(): void
}

export function useFacts(api: Api): FormFacts {
  const [senders, setSenders] = useState<Sender[]>([])
  const [templates, setTemplates] = useState<Template[]>([])
  const [error, setError] = useState<unknown>(null)
  const again = useCallback(() => {
    setError(null)
    Promise.all([api.get<{ channels: Sender[] }>('/api/status'), allTemplates(api)]).then(([status, found]) => {
      setSenders(status.channels)
      setTemplates(found)
    }, setError)
  }, [api])
  useEffect(again, [again])
  return { senders, templates, error, again }
}

async function allTemplates(api: Api): Promise<Template[]> {
  const found: Template[] = []
  for (let cursor: string | null = null; found.length < MOST_TEMPLATES; ) {
    const page: { items: Template[]; nextCursor: string | null } = await api.get('/api/templates', { limit: 100, cursor })
    found.push(...page.items)
    cursor = page.nextCursor
    if (cursor === null) break
  }
  return found
}
