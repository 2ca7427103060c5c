// Turns the driver's errors into the domain's. Neither the address nor a document is ever in a message: the address
// holds the password, a document what a client wrote.
import { DomainError } from '../../../shared/problems.ts'

const away =
  /^Mongo(ose)?(Network|ServerSelection|NotConnected|Topology|Pool|WaitQueue|ServerClosed|Client(Closed|BulkWriteNetwork)|Expired|Disconnected|Runtime)/
/** A line that broke under a request. The driver hands some of these on as they are, and hides others in a bulk's error. */
const brokenLine =
  /server selection|ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|connection .*(closed|timed out|was cleared)|socket has been ended/i
/** Codes of a server that is stopping, starting, or no longer the primary. */
const awayCodes = new Set([6, 7, 89, 91, 189, 262, 9001, 10107, 11600, 11602, 13435, 13436])

export function asDomainError(error: unknown): unknown {
  if (error instanceof DomainError || !(error instanceof Error)) return error
  const code = (error as { code?: unknown }).code
  const isAway = away.test(error.name) || (typeof code === 'number' && awayCodes.has(code)) || brokenLine.test(error.message)
  return isAway
    ? new DomainError('unavailable', 'The database does not answer. Try again in a moment.', {
        cause: new Error(error.name),
        retryAfter: 2,
      })
    : error
}

/** The document that says which schema version a database has, and through which its clock is read, is gone. */
export function schemaLost(): DomainError {
  return new DomainError(
    'unavailable',
    'The database has lost the document "schema" of its collection "meta", so its schema version is not known. Restore a backup; nothing was changed.',
  )
}

/** Why the database could not be opened, with its host and without the rest of its address. */
export function asOpenError(error: unknown, url: string): unknown {
  const name = error instanceof Error ? error.name : ''
  const code = (error as { code?: unknown } | null)?.code
  const at = `The MongoDB at ${hostOf(url)}`
  const tell = (what: string) => new DomainError('unavailable', what, { cause: new Error(name), retryAfter: 2 })
  if (name === 'MongoParseError' || name === 'MongoInvalidArgumentError' || name === 'MongoAPIError')
    return tell('DATABASE_URL cannot be read as an address of MongoDB. Encode special characters of its password (@ as %40, / as %2F).')
  if (code === 18 || code === 8000 || (error instanceof Error && /authentication failed|bad auth/i.test(error.message)))
    return tell(`${at} refuses the user or the password that DATABASE_URL names. Correct them, and see that authSource is right.`)
  if (code === 13) return tell(`${at} does not let the user of DATABASE_URL read and write its database. Grant it readWrite.`)
  // Codes that are words are of the network: a name that does not resolve, a port that is closed.
  const known = typeof code === 'string' && /^E[A-Z]+$/.test(code) ? null : asDomainError(error)
  if (known !== null && (!(known instanceof DomainError) || known === error)) return known
  return tell(`${at} does not answer. See that it runs, that this machine reaches it, and that DATABASE_URL names it.`)
}

function hostOf(url: string): string {
  const authority = /^mongodb(?:\+srv)?:\/\/([^/?]*)/.exec(url)?.[1] ?? ''
  return authority.slice(authority.lastIndexOf('@') + 1)
}
