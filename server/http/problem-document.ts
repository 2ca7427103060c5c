// The one place where an error becomes an HTTP answer (RFC 9457).
import type { ServerResponse } from 'node:http'
import type { Logger } from 'pino'
import { DomainError, type Problem, problem } from '../../shared/problems.ts'

/** Errors of Express and its body parser carry a type or a status. */
function ofParser(error: unknown): Problem | null {
  const { type, status } = error as { type?: unknown; status?: unknown }
  switch (type) {
    case 'entity.too.large':
      return problem('payload_too_large', 'The body is larger than this call takes.')
    case 'entity.parse.failed':
      return problem('validation_failed', 'The body is no JSON object or array.', {
        issues: [{ path: '', message: 'is not readable as JSON' }],
      })
    case 'charset.unsupported':
    case 'encoding.unsupported':
      return problem('unsupported_media', 'Send the body as application/json in UTF-8.')
    default:
      return typeof status === 'number' && status >= 400 && status < 500 ? problem('bad_request', 'The request could not be read.') : null
  }
}

/** The problem that an error is for its caller. Whatever is no domain error is a fault of ours: logged, and told without details. */
export function problemOf(error: unknown, log: Logger): Problem {
  if (error instanceof DomainError) {
    if (error.code === 'unavailable' && error.cause !== undefined) log.warn({ err: error }, 'unavailable')
    return error.problem
  }
  const parsed = error !== null && typeof error === 'object' ? ofParser(error) : null
  if (parsed) return parsed
  log.error({ err: error }, 'a request failed unexpectedly')
  return problem('internal', 'Something went wrong here. It was logged; try again later.')
}

/** Writes a problem; an answer that has begun is cut instead. */
export function answerProblem(response: ServerResponse, document: Problem): void {
  if (response.headersSent) {
    response.destroy()
    return
  }
  const body = Buffer.from(JSON.stringify(document))
  response.statusCode = document.status
  response.setHeader('Content-Type', 'application/problem+json; charset=utf-8')
  response.setHeader('Content-Length', body.length)
  response.setHeader('Cache-Control', 'no-store')
  if (document.status === 401) response.setHeader('WWW-Authenticate', 'Bearer')
  if (document.retryAfter !== undefined) response.setHeader('Retry-After', document.retryAfter)
  response.end(body)
}
