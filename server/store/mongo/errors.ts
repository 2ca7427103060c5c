// What the driver throws → the domain's errors. Neither the address nor a document is ever in a message: the address
// holds the password, a document what a client wrote.
import { DomainError } from '../../../shared/problems.ts'

const away =
  /^Mongo(ose)?(Network|ServerSelection|NotConnected|Topology|Pool|WaitQueue|ServerClosed|Client(Closed|BulkWriteNetwork)|Expired|Disconnected|Runtime)/
/** Codes of a server that is stopping, starting, or no longer the primary. */
const awayCodes = new Set([6, 7, 89, 91, 189, 262, 9001, 10107, 11600, 11602, 13435, 13436])

export function asDomainError(error: unknown): unknown {
  if (error instanceof DomainError || !(error instanceof Error)) return error
  const code = (error as { code?: unknown }).code
  const isAway =
    away.test(error.name) ||
    (typeof code === 'number' && awayCodes.has(code)) ||
    /server selection|ECONNREFUSED|connection .*closed/i.test(error.message)
  return isAway
    ? new DomainError('unavailable', 'The database does not answer. Try again in a moment.', {
        cause: new Error(error.name),
        retryAfter: 2,
      })
    : error
}
