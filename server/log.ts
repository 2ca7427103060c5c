// The log: JSON lines, without tokens, message texts or phone numbers.
import { type DestinationStream, pino, type Logger } from 'pino'
import type { Config } from './config.ts'
import { describeError } from './describe-error.ts'

/** @param to standard output, when it is left out. */
export function createLog(config: Pick<Config, 'logLevel'>, to?: DestinationStream): Logger {
  return pino({ level: config.logLevel, base: null, serializers: { err: describeError } }, to)
}
