// The files of a send: found or fetched, and checked against what the channel takes, before anything is written.
import type { z } from 'zod'
import { DomainError } from '../../shared/problems.ts'
import type { sendMessage } from '../../shared/requests.ts'
import type { Parts } from '../parts.ts'
import { isOutOfReach } from '../private-host.ts'
import type { KeptFile } from '../rules/media.ts'
import { faultOfFiles } from '../../shared/split-media.ts'
import type { Target } from './target.ts'

type Wanted = NonNullable<z.output<typeof sendMessage>['media']>
type To = Pick<Target, 'channel' | 'sender' | 'address'>

/** @throws DomainError `no_public_url`, `unsupported_media`, `validation_failed`: nothing of the send goes then. */
export async function filesOfSend(parts: Parts, orgId: string, to: To, wanted: Wanted): Promise<KeptFile[]> {
  mayBeFetched(parts)
  const files = await Promise.all(wanted.map((one, place) => fileOf(parts, orgId, to, one, place)))
  mayGo(to, files)
  return files
}

async function fileOf(
  { uploads }: Parts,
  orgId: string,
  { channel }: To,
  { id = '', other, url }: Wanted[number],
  place: number,
): Promise<KeptFile> {
  if (url === undefined) {
    const file = await uploads.find(orgId, id)
    if (file === null) throw noFile(place, 'id')
    if (other === undefined) return file
    const found = await uploads.find(orgId, other)
    if (found === null) throw noFile(place, 'other')
    const { hash, size, contentType } = found
    return { ...file, other: { hash, size, contentType } }
  }
  const fetched = await uploads.fetch(url, channel)
  switch (fetched.outcome) {
    case 'kept': {
      const { outcome: _, contacts: __, width = null, height = null, ...kept } = fetched
      return { ...kept, width, height, sourceUrl: url }
    }
    case 'blocked':
      if (fetched.reason === 'address')
        throw unfit('validation_failed', 'The address of a file leads to no public server.', place, 'url', 'leads to no public server')
      throw unfitFile(channel, fetched.reason, place, 'url')
    case 'failed':
      throw unfit('validation_failed', 'A file could not be fetched from its address.', place, 'url', 'could not be fetched')
  }
}

/** @throws DomainError `no_public_url`. */
export function mayBeFetched({ config }: Pick<Parts, 'config'>): void {
  if (isOutOfReach(config.publicUrl, config.twilio?.apiUrl ?? null))
    throw new DomainError(
      'no_public_url',
      'Twilio fetches files from here, and nobody outside reaches PUBLIC_URL. Set it to an https address that the internet reaches.',
    )
}

/** @throws DomainError `unsupported_media`. */
export function mayGo(to: To, files: readonly KeptFile[]): void {
  const found = files.length === 0 ? null : faultOfFiles(to, files)
  if (found === null) return
  if (found.fault === 'no_mms')
    throw new DomainError(
      'unsupported_media',
      'Files go by SMS only from a number of the United States or Canada to another one. Send a link, or use WhatsApp.',
    )
  throw unfitFile(to.channel, found.fault, found.place ?? 0, 'id')
}

function unfitFile(channel: To['channel'], fault: 'type' | 'too_large', place: number, field: 'id' | 'url'): DomainError {
  const name = channel === 'sms' ? 'SMS' : 'WhatsApp'
  return fault === 'type'
    ? unfit('unsupported_media', `${name} sends no files of this type.`, place, field, `is of a type that ${name} does not send`)
    : unfit('unsupported_media', `The file is larger than ${name} sends of its type.`, place, field, `is larger than ${name} sends`)
}

const noFile = (place: number, field: 'id' | 'other') =>
  unfit('validation_failed', 'There is no such file. Upload it again.', place, field, 'is no uploaded file')

function unfit(
  code: 'unsupported_media' | 'validation_failed',
  detail: string,
  place: number,
  field: 'id' | 'other' | 'url',
  message: string,
) {
  return new DomainError(code, detail, { issues: [{ path: `media.${place}.${field}`, message }] })
}
