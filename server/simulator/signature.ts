// Twilio's request signature, written from its published algorithm and not with Twilio's library, so that whoever checks it with
// that library proves something.
import { createHash, createHmac } from 'node:crypto'

/** Form values by name; repeated names have several. */
export type FormParameters = Readonly<Record<string, string | readonly string[]>>

/**
 * `X-Twilio-Signature` of a form POST, or of a GET or JSON body with no parameters. What the signature covers: the address as
 * Twilio calls it, query included and fragment left out, then every name and value in the order of the names' code units.
 */
export function signRequest(authToken: string, url: string, parameters: FormParameters = {}): string {
  let text = url.split('#', 1)[0] ?? ''
  for (const name of Object.keys(parameters).sort()) {
    const value = parameters[name] ?? ''
    if (typeof value === 'string') text += name + value
    else for (const one of [...new Set(value)].sort()) text += name + one
  }
  return createHmac('sha1', authToken).update(text, 'utf8').digest('base64')
}

/** A JSON body is covered by its hash, which Twilio adds to the address before signing it alone. */
export function bodyHash(body: string | Uint8Array): string {
  return createHash('sha256').update(body).digest('hex')
}
