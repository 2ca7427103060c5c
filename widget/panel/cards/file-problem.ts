// Why the server did not take a send with files, where it is about the files.
import type { Refusal } from '../problem-text.ts'
import type { CardWords } from './card-words.ts'

/** Null: it is about something else. */
export function fileProblem(own: CardWords, { code, issues = [] }: Refusal): string | null {
  if (code === 'no_public_url') return own.filesOutOfReach
  const isAboutFile = issues.some(({ path }) => path.startsWith('media.'))
  if (code === 'unsupported_media') return isAboutFile ? own.fileNotTaken : own.filesNotBySms
  return code === 'validation_failed' && isAboutFile ? own.fileGone : null
}
