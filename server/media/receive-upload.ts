// Takes one file that an agent's page uploads, and keeps it as what it is. It is streamed: neither its name nor its length is believed.
import type { IncomingMessage } from 'node:http'
import type { Readable } from 'node:stream'
import { Busboy, type BusboyHeaders } from '@fastify/busboy'
import { mostToSend, UPLOAD_BYTES } from '../../shared/media-policy.ts'
import { channel } from '../../shared/model.ts'
import { DomainError } from '../../shared/problems.ts'
import { readOff } from '../read-off.ts'
import { cleanFilename } from './clean-filename.ts'
import { type Inspected, keepInspected } from './keep-inspected.ts'
import type { MediaFiles } from './media-files.ts'
import { type MediaFault, MediaRefused } from './media-refused.ts'

export interface Upload<By> extends Inspected {
  filename: string | null
  by: By
}

export interface ReceiveUploadParts<By, Saved> {
  files: MediaFiles
  /** Makes the record; the bytes are kept by then. */
  save(upload: Upload<By>): Promise<Saved>
}

/** The form around the file: boundaries, headers, other fields. */
const FORM_BYTES = 64 * 1024

/** The largest that any channel sends of a type; null: none sends it. */
function mostOf(contentType: string): number | null {
  const most = Math.max(...channel.options.map((one) => mostToSend(one, contentType) ?? 0))
  return most === 0 ? null : most
}

/**
 * Answers what `save` made of the field `file`.
 *
 * @throws DomainError `unsupported_media`, `payload_too_large` or `validation_failed` before all of a wrong body is read; what comes
 *   after is read off, up to a limit, so that the answer arrives.
 */
export function createReceiveUpload<By, Saved>({ files, save }: ReceiveUploadParts<By, Saved>) {
  return async (request: IncomingMessage, by: By): Promise<Saved> => {
    try {
      const { headers } = request
      if (!/^multipart\/form-data\s*;.*boundary=/i.test(headers['content-type'] ?? ''))
        throw new DomainError('unsupported_media', 'Send the file as multipart/form-data, in the field "file".')
      if (Number(headers['content-length']) > UPLOAD_BYTES + FORM_BYTES) throw new MediaRefused('too_large')
      const upload = await readForm(request, headers as BusboyHeaders, async (file, filename, declaredType) => {
        const kept = await keepInspected(files, file, { declaredType, most: mostOf })
        return { ...kept, filename: cleanFilename(filename, kept.contentType), by }
      })
      return await save(upload)
    } catch (error) {
      readOff(request, UPLOAD_BYTES)
      throw error instanceof MediaRefused ? refusal(error.reason) : error
    }
  }
}

const brokenOff = (cause: unknown) =>
  new DomainError('validation_failed', 'The form with the file broke off, or is none. Send it again.', { cause })

/** The first file of that name is taken, and is whole only when the form is; fields and other files are passed over. */
async function readForm<T>(
  request: IncomingMessage,
  headers: BusboyHeaders,
  take: (file: AsyncIterable<Uint8Array>, filename: string, declaredType: string) => Promise<T>,
): Promise<T> {
  const limits = { files: 4, fields: 16, fieldSize: 1024, parts: 20, headerPairs: 32, headerSize: 8192, fileSize: UPLOAD_BYTES + 1 }
  const form = new Busboy({ headers, limits })
  const ended = new Promise<void>((done, fail) => {
    form.once('finish', done).once('error', fail)
    request.once('error', fail).once('close', () => {
      if (!request.complete) fail(new Error('The line broke.'))
    })
  })
  async function* whole(file: Readable): AsyncGenerator<Uint8Array> {
    try {
      yield* file
      await ended
    } catch (cause) {
      throw brokenOff(cause)
    }
  }
  return new Promise((done, fail) => {
    let current: Readable | null = null
    form.on('file', (field, file, filename, _encoding, declaredType) => {
      // Told by `ended`.
      file.on('error', () => undefined)
      if (field !== 'file' || current !== null) {
        file.resume()
        return
      }
      current = file
      take(whole(file), filename, declaredType).then(done, fail)
    })
    ended.then(
      () => {
        if (current === null)
          fail(new DomainError('validation_failed', 'The form has no file.', { issues: [{ path: 'file', message: 'is missing' }] }))
      },
      (cause: Error) => {
        if (current === null) fail(brokenOff(cause))
        else current.destroy(cause)
      },
    )
    // Not `pipeline`, which ends the line at a fault, and with it the answer.
    request.pipe(form)
  })
}

function refusal(reason: MediaFault): DomainError {
  switch (reason) {
    case 'too_large':
      return new DomainError('payload_too_large', 'The file is larger than any channel sends of its type.')
    case 'type':
      return new DomainError('unsupported_media', 'No channel sends a file of this type.')
    case 'empty':
      return new DomainError('validation_failed', 'The file is empty.', { issues: [{ path: 'file', message: 'is empty' }] })
  }
}
