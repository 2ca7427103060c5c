// Where a webhook may lead. The host's own pages are named by the operator: what is there may be beside us, and without TLS.
import { DomainError } from '../../shared/problems.ts'
import type { Config } from '../config.ts'
import { isPrivateHost } from '../private-host.ts'

export const mayBePrivate = ({ allowedOrigins }: Pick<Config, 'allowedOrigins'>, url: URL): boolean => allowedOrigins.includes(url.origin)

/** @throws DomainError `validation_failed`. A name that leads to a private address is found with each delivery. */
export function demandAddress(config: Pick<Config, 'allowedOrigins'>, address: string): void {
  const url = new URL(address)
  if (mayBePrivate(config, url)) return
  const fault =
    url.protocol !== 'https:'
      ? 'is not https'
      : isPrivateHost(url.hostname)
        ? 'is a private address'
        : url.username
          ? 'holds a password'
          : null
  if (fault !== null)
    throw new DomainError('validation_failed', 'A webhook leads to a public https address, or to an origin of ALLOWED_ORIGINS.', {
      issues: [{ path: 'url', message: `${fault}; give a public https address, or add its origin to ALLOWED_ORIGINS` }],
    })
}
