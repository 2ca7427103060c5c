// Tokens as a host signs them: for the demo page and the command line, which have the secret.
import { type JWTPayload, SignJWT } from 'jose'
import type { Config } from '../config.ts'

/** With the audience and the issuer that tokens have to name here. */
export function signAsHost(claims: JWTPayload, secret: string, { jwtAudience, jwtIssuer }: Pick<Config, 'jwtAudience' | 'jwtIssuer'>) {
  const named = { ...(jwtAudience === null ? {} : { aud: jwtAudience }), ...(jwtIssuer === null ? {} : { iss: jwtIssuer }) }
  return new SignJWT({ ...claims, ...named }).setProtectedHeader({ alg: 'HS256', typ: 'JWT' }).sign(new TextEncoder().encode(secret))
}
