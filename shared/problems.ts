// The closed set of error codes (RFC 9457 problem documents), the same on HTTP and sockets.
import type { Message } from './model.ts'

export const problemStatus = {
  token_missing: 401,
  token_invalid: 401,
  token_expired: 401,
  forbidden: 403,
  origin_not_allowed: 403,
  signature_invalid: 403,
  not_found: 404,
  conflict: 409,
  window_closed: 409,
  opted_out: 409,
  not_retryable: 409,
  no_sender: 409,
  no_public_url: 409,
  payload_too_large: 413,
  unsupported_media: 415,
  validation_failed: 422,
  invalid_phone: 422,
  template_not_approved: 422,
  template_variables_missing: 422,
  rate_limited: 429,
  limit_reached: 429,
  unavailable: 503,
} as const

/** `bad_request` (400) and `internal` (500) are answers to what is no call of the contract, or a fault of ours. */
export type ProblemCode = keyof typeof problemStatus | 'bad_request' | 'internal'

export interface Problem {
  type: string
  title: string
  status: number
  code: ProblemCode
  detail: string
  /** `rule`: by its name, where the place can break several (a template's). */
  issues?: { path: string; message: string; rule?: string }[]
  /** `window_closed`: names of the templates that can be sent instead. */
  templates?: string[]
  /** `conflict` of a `clientMessageId` that was used before: the message that it became. */
  message?: Message
  /** Seconds to wait before another try (`rate_limited`, `limit_reached`, `unavailable`). */
  retryAfter?: number
}

type ProblemDetails = Pick<Problem, 'issues' | 'templates' | 'message' | 'retryAfter'>

const titles: Record<ProblemCode, string> = {
  token_missing: 'Token missing',
  token_invalid: 'Token invalid',
  token_expired: 'Token expired',
  forbidden: 'Forbidden',
  origin_not_allowed: 'Origin not allowed',
  signature_invalid: 'Signature invalid',
  not_found: 'Not found',
  conflict: 'Conflict',
  window_closed: 'The 24 h window is closed',
  opted_out: 'The contact opted out',
  not_retryable: 'Cannot be retried',
  no_sender: 'No sender configured',
  no_public_url: 'No public address',
  payload_too_large: 'Payload too large',
  unsupported_media: 'Unsupported media type',
  validation_failed: 'Validation failed',
  invalid_phone: 'Invalid phone number',
  template_not_approved: 'Template not approved',
  template_variables_missing: 'Template variables missing',
  rate_limited: 'Too many requests',
  limit_reached: 'Limit reached',
  unavailable: 'Unavailable',
  bad_request: 'Bad request',
  internal: 'Internal error',
}

export function statusOf(code: ProblemCode): number {
  return code === 'bad_request' ? 400 : code === 'internal' ? 500 : problemStatus[code]
}

export function problem(code: ProblemCode, detail: string, more: ProblemDetails = {}): Problem {
  return { type: `urn:hilo:problem:${code}`, title: titles[code], status: statusOf(code), code, detail, ...more }
}

/** A domain error: one class, a code of the closed set, a sentence that says what failed and what to do. */
export class DomainError extends Error {
  readonly code: ProblemCode
  readonly more: ProblemDetails

  constructor(code: ProblemCode, detail: string, more: ProblemDetails & { cause?: unknown } = {}) {
    const { cause, ...rest } = more
    super(detail, cause === undefined ? undefined : { cause })
    this.name = 'DomainError'
    this.code = code
    this.more = rest
  }

  get problem(): Problem {
    return problem(this.code, this.message, this.more)
  }
}
