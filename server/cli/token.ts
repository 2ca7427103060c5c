// A token such as the host app would sign, for trying things out.
import { readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { parseArgs } from 'node:util'
import { role } from '../../shared/model.ts'
import type { Config } from '../config.ts'
import { signAsHost } from '../http/sign-token.ts'
import { onlyOrganization } from '../organizations.ts'
import { UsageError } from './usage-error.ts'

export interface TokenClaims {
  sub: string
  name: string
  role: string
  coordinations?: string[]
  hours: number
}

/** @throws UsageError where tokens are verified by a public key: only the host can sign those. */
export async function signToken(config: Config, claims: TokenClaims): Promise<string> {
  const { hours, ...said } = claims
  const iat = Math.floor(Date.now() / 1000)
  return signAsHost({ ...said, org: onlyOrganization, iat, exp: iat + Math.round(hours * 3600) }, await secretOf(config), config)
}

export async function printToken(config: Config, args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      sub: { type: 'string', default: 'agent-1' },
      name: { type: 'string' },
      role: { type: 'string', default: 'agent' },
      coordinations: { type: 'string' },
      hours: { type: 'string', default: '8' },
    },
  })
  const hours = Number(values.hours)
  if (!(hours > 0 && hours <= 24)) throw new UsageError('--hours must be above 0 and at most 24.')
  if (!role.safeParse(values.role).success) throw new UsageError('--role must be agent, supervisor, admin or service.')
  const coordinations = values.coordinations?.split(',').filter((id) => id !== '')
  const token = await signToken(config, {
    sub: values.sub,
    name: values.name ?? values.sub,
    role: values.role,
    hours,
    ...(coordinations === undefined ? {} : { coordinations }),
  })
  console.log(token)
  // Beside the token, which scripts read.
  if (mayOpenConsole(values.role, coordinations)) console.error(`\nThe console: ${config.publicUrl}/console/#token=${token}`)
}

/** The console is for those who answer for all. */
const mayOpenConsole = (asked: string, coordinations: string[] | undefined): boolean =>
  (asked === 'supervisor' || asked === 'admin') && coordinations === undefined

async function secretOf(config: Config): Promise<string> {
  if (config.jwt?.kind === 'secret') return config.jwt.secrets[0] ?? ''
  if (config.jwt !== null) throw new UsageError('Tokens are verified by a public key here: sign one where the private key is.')
  const folder = config.databaseUrl.startsWith('sqlite:') ? dirname(config.databaseUrl.slice('sqlite:'.length)) : 'data'
  try {
    return (await readFile(join(folder, 'demo-secret'), 'utf8')).trim()
  } catch {
    throw new UsageError('Demo mode makes its secret at the first start: run npm start once, or set JWT_SECRET.')
  }
}
