// The id of an uploaded file says all that is known about it, signed: nothing has to be kept until a message goes with it.
import { createHmac, timingSafeEqual } from 'node:crypto'
import type { KeptFile } from '../rules/media.ts'

const signatureOf = (secret: string, said: string) => createHmac('sha256', secret).update(`upload/${said}`).digest('base64url')

export function signUpload(secret: string, orgId: string, { hash, size, contentType, filename, width, height }: KeptFile): string {
  const said = Buffer.from(JSON.stringify([orgId, hash, size, contentType, filename, width, height])).toString('base64url')
  return `${said}.${signatureOf(secret, said)}`
}

/** Null: no id of ours, or of another organization. */
export function readUpload(secret: string, orgId: string, id: string): KeptFile | null {
  const [said = '', signature = ''] = id.split('.')
  const [given, right] = [Buffer.from(signature), Buffer.from(signatureOf(secret, said))]
  if (given.length !== right.length || !timingSafeEqual(given, right)) return null
  const fields = JSON.parse(Buffer.from(said, 'base64url').toString()) as [string, string, number, string, ...(string | number | null)[]]
  const [owner, hash, size, contentType, filename, width, height] = fields
  if (owner !== orgId) return null
  return { sourceUrl: null, hash, size, contentType, filename: textOf(filename), width: numberOf(width), height: numberOf(height) }
}

const textOf = (value: unknown) => (typeof value === 'string' ? value : null)
const numberOf = (value: unknown) => (typeof value === 'number' ? value : null)
