// What went wrong, in words. Nothing where nothing did.
import type { Problem as Document } from '../../shared/problems.ts'
import { ApiProblem } from '../api.ts'
import { useShell } from '../shell.ts'
import type { Words } from '../words/words.ts'
import { Button } from './button.tsx'
import { Notice } from './notice.tsx'

interface ProblemProps {
  error: unknown
  onAgain?(): void
}

const known: Partial<Record<Document['code'], keyof Words['problems']>> = {
  unavailable: 'unavailable',
  forbidden: 'forbidden',
  origin_not_allowed: 'forbidden',
  not_found: 'notFound',
  conflict: 'conflict',
  rate_limited: 'rateLimited',
  payload_too_large: 'tooLarge',
  validation_failed: 'invalid',
  bad_request: 'invalid',
  no_sender: 'noSender',
  internal: 'internal',
}
/** The server's own sentence says more than ours. */
const detailed = new Set<Document['code']>(['conflict', 'no_sender', 'forbidden'])

/** The sentence for people, with the server's own beside it where that says more. */
export function problemWords({ wrong, problems, ended }: Words, error: unknown): { title: string; details: string[] } {
  if (!(error instanceof ApiProblem)) return { title: wrong, details: [] }
  const { code, detail, issues = [], status } = error.problem
  if (status === 401) return { title: ended.title, details: [ended.how] }
  const key = known[code]
  if (key === undefined) return { title: wrong, details: [detail] }
  if (key === 'invalid') {
    const lines = issues.map(({ path, message }) => (path === '' ? message : `${path}: ${message}`))
    return { title: problems.invalid, details: lines.length > 0 ? lines : [detail] }
  }
  return { title: problems[key], details: detailed.has(code) ? [detail] : [] }
}

export function Problem({ error, onAgain }: ProblemProps) {
  const { words } = useShell()
  if (error === null || error === undefined) return null
  const { title, details } = problemWords(words, error)
  const actions = onAgain && (
    <Button isSmall onClick={onAgain}>
      {words.again}
    </Button>
  )
  return (
    <Notice kind="danger" title={title} actions={actions}>
      {details.map((one) => (
        <p key={one} class="detail">
          {one}
        </p>
      ))}
    </Notice>
  )
}
