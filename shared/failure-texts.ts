// Why a message did not arrive, in the agent's words. One file of texts per language, so that a page loads only its own.
import type { Failure, FailureAction, FailureReason } from './model.ts'

export interface FailureTexts {
  reasons: Record<FailureReason, string>
  /** Codes of Twilio that deserve more than their reason's text. */
  codes: Readonly<Record<number, string>>
  /** The label of the failure card's button; empty where there is nothing to press. */
  actions: Record<FailureAction, string>
}

/** The sentence for the code where there is one, else for the reason; an unknown code keeps Twilio's words. */
export function explainFailure(texts: FailureTexts, error: Failure): string {
  const byCode = error.code === null ? undefined : texts.codes[error.code]
  if (byCode !== undefined) return byCode
  const text = texts.reasons[error.reason]
  return error.reason === 'unknown' && error.message !== '' ? `${text} ${error.message}` : text
}
