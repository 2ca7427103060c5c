// A call's body that is a list of rows, CSV or JSON lines: handed on as it comes, however long it is.
import type { IncomingMessage } from 'node:http'
import { DomainError } from '../../shared/problems.ts'
import { readOff } from '../read-off.ts'

export const LIST_BYTES = 200 * 1024 * 1024
const TOO_LARGE = `A list may have ${LIST_BYTES / 1024 / 1024} MB. Send it in parts.`
/** A form, or one document, is no list of rows; what has no name, or a text's, may be one. */
const NO_LIST = /^(multipart\/|application\/(json|xml|pdf|x-www-form-urlencoded|vnd\.)|image\/|audio\/|video\/)/i

/**
 * Answers what `take` makes of it.
 *
 * @throws DomainError `unsupported_media`, `payload_too_large`, `validation_failed` where the upload broke off, and what `take` throws.
 */
export async function readList<T>(request: IncomingMessage, take: (bytes: AsyncIterable<Uint8Array>) => Promise<T>): Promise<T> {
  try {
    if (NO_LIST.test(request.headers['content-type'] ?? ''))
      throw new DomainError('unsupported_media', 'Send the list itself, as text/csv or application/x-ndjson.')
    if (Number(request.headers['content-length']) > LIST_BYTES) throw new DomainError('payload_too_large', TOO_LARGE)
    return await take(bytesOf(request))
  } catch (error) {
    readOff(request, LIST_BYTES)
    throw error
  }
}

async function* bytesOf(request: IncomingMessage): AsyncGenerator<Uint8Array> {
  let bytes = 0
  try {
    // Ending early must not end the line, on which the answer goes.
    for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Uint8Array>) {
      bytes += chunk.byteLength
      if (bytes > LIST_BYTES) throw new DomainError('payload_too_large', TOO_LARGE)
      yield chunk
    }
  } catch (cause) {
    if (cause instanceof DomainError) throw cause
    throw new DomainError('validation_failed', 'The upload broke off.', { cause })
  }
}
