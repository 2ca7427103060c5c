// What may be looked at of an error of the HTTP client: the error itself carries the credentials and the message.
import { ListUnreadable } from '../outbox/gateway.ts'
import { Throttled } from './client.ts'

/** The few fields that are safe to look at. */
export function shapeOf(error: unknown): { status: number | null; code: string | number | null; message: string | null } {
  if (typeof error !== 'object' || error === null) return { status: null, code: null, message: null }
  const status = 'status' in error && typeof error.status === 'number' ? error.status : null
  const code = 'code' in error && (typeof error.code === 'string' || typeof error.code === 'number') ? error.code : null
  const message = 'message' in error && typeof error.message === 'string' ? error.message : null
  return { status, code, message: status === null ? null : message }
}

/** Twilio's own refusal: nothing was done, and the same request will be refused again. Anything else may have been done. */
export const isRefusal = (status: number | null): boolean => status !== null && status >= 400 && status < 500 && status !== 408

export function unreadable(error: unknown, list: 'messages' | 'contents' = 'messages'): ListUnreadable {
  return new ListUnreadable(`Twilio’s list of ${list} could not be read: ${describe(error)}`, retryAfterOf(error))
}

export const retryAfterOf = (error: unknown): number | null => (error instanceof Throttled ? error.retryAfterMs : null)

/** For logs: what kind of error, without anything that it carries. */
export function describe(error: unknown): string {
  if (error instanceof Throttled) return 'HTTP 429'
  const { status, code } = shapeOf(error)
  return [status === null ? null : `HTTP ${status}`, code].filter((part) => part !== null).join(' ') || 'no answer'
}
