// Secrets of an organization as they are kept: sealed with AES-256-GCM where ENCRYPTION_KEY is set, else as they are. What is sealed
// names its key, so that a wrong one is known before anything is opened, and says where it belongs, so that it opens nowhere else.
import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto'
import type { Config } from './config.ts'

const SEALED = 'sealed:'
const [IV_BYTES, TAG_BYTES] = [12, 16]

export type Keys = Pick<Config, 'encryptionKey' | 'encryptionKeyPrevious'>

/** The secret cannot be opened with the keys of the settings. */
export class SealedError extends Error {}

const nameOf = (key: Buffer): string => createHash('sha256').update('hilo secret key ').update(key).digest('base64url').slice(0, 8)

/** @param place where it belongs, such as the organization and the webhook. */
export function seal({ encryptionKey: key }: Pick<Keys, 'encryptionKey'>, secret: string, place: string): string {
  if (key === null) return secret
  const iv = randomBytes(IV_BYTES)
  const cipher = createCipheriv('aes-256-gcm', key, iv).setAAD(Buffer.from(place))
  const sealed = Buffer.concat([iv, cipher.update(secret, 'utf8'), cipher.final()])
  return `${SEALED}${nameOf(key)}:${Buffer.concat([sealed, cipher.getAuthTag()]).toString('base64url')}`
}

/** @throws SealedError */
export function open(keys: Keys, kept: string, place: string): string {
  if (!kept.startsWith(SEALED)) return kept
  const [name = '', text = ''] = kept.slice(SEALED.length).split(':')
  const key = [keys.encryptionKey, keys.encryptionKeyPrevious].find((one) => one !== null && nameOf(one) === name)
  if (!key) throw new SealedError(`It was sealed with another key (${name}).`)
  const bytes = Buffer.from(text, 'base64url')
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, IV_BYTES), { authTagLength: TAG_BYTES })
    decipher.setAAD(Buffer.from(place)).setAuthTag(bytes.subarray(bytes.length - TAG_BYTES))
    return Buffer.concat([decipher.update(bytes.subarray(IV_BYTES, bytes.length - TAG_BYTES)), decipher.final()]).toString('utf8')
  } catch (error) {
    throw new SealedError('It was damaged, or belongs elsewhere.', { cause: error })
  }
}

/** Whether it is kept as the settings want it: sealed with the key of now, or not at all where there is none. */
export const isKeptRight = ({ encryptionKey: key }: Pick<Keys, 'encryptionKey'>, kept: string): boolean =>
  key === null ? !kept.startsWith(SEALED) : kept.startsWith(`${SEALED}${nameOf(key)}:`)
