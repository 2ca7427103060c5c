// The log: JSON lines, without tokens, message texts or phone numbers.
import { pino, type Logger } from 'pino'
import type { Config } from './config.ts'

export function createLog(config: Pick<Config, 'logLevel'>): Logger {
  return pino({ level: config.logLevel, base: null, serializers: { err: plainError } })
}

/** Name, message, stack and cause only: whatever else an error carries may hold credentials or a message. */
function plainError(error: unknown): unknown {
  if (!(error instanceof Error)) return String(error)
  const code = 'code' in error && (typeof error.code === 'string' || typeof error.code === 'number') ? { code: error.code } : {}
  return {
    type: error.name,
    message: error.message,
    stack: error.stack,
    ...code,
    ...(error.cause === undefined ? {} : { cause: plainError(error.cause) }),
  }
}
