// Who can be signed in on the demo page: three invented agents of different scope.
import type { Role } from '../../shared/model.ts'
import type { Config } from '../config.ts'
import { signAsHost } from '../http/sign-token.ts'
import { onlyOrganization } from '../organizations.ts'
import type { Caller } from '../parts.ts'

export interface DemoAgent {
  /** As the page's address names it. */
  key: string
  id: string
  name: string
  role: Role
  /** Ids of the records that this agent may see; null: all. */
  coordinations: readonly string[] | null
}

export const demoAgents: readonly [DemoAgent, ...DemoAgent[]] = [
  { key: 'ana', id: 'demo-ana', name: 'Ana Díaz', role: 'agent', coordinations: null },
  { key: 'beto', id: 'demo-beto', name: 'Beto Paz', role: 'agent', coordinations: ['ev-1042', 'ev-1038', 'ev-1049', 'ev-1027'] },
  { key: 'carla', id: 'demo-carla', name: 'Carla Molina', role: 'supervisor', coordinations: null },
]

/** Short, so that the widget's way of asking for the next one is in daily use. */
const TOKEN_LIFE_S = 15 * 60

export function signDemoToken(
  { id, name, role, coordinations }: DemoAgent,
  secret: string,
  now: number,
  config: Pick<Config, 'jwtAudience' | 'jwtIssuer'>,
): Promise<string> {
  const iat = Math.floor(now / 1000)
  const claims = { sub: id, name, org: onlyOrganization, role, iat, exp: iat + TOKEN_LIFE_S, ...(coordinations ? { coordinations } : {}) }
  return signAsHost(claims, secret, config)
}

/** The demo host's own server, which writes its records. */
export function demoCaller(now: number): Caller {
  return { orgId: onlyOrganization, agentId: 'demo-host', name: 'Ágora Eventos', role: 'service', scope: null, expiresAt: now + 60_000 }
}
