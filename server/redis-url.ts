// REDIS_URL: one Redis, the nodes of a Cluster, or the Sentinels that know where the primary is. Says nothing of passwords where
// it refuses.

export interface RedisNode {
  host: string
  port: number
}
export interface RedisLogin {
  username?: string
  password?: string
}

export interface RedisAddress {
  tls: boolean
  /** Any of them will do; with `sentinel` they are the Sentinels. */
  nodes: RedisNode[]
  login: RedisLogin
  database: number
  /** Null: the nodes are what is spoken to. */
  sentinel: { primary: string; login: RedisLogin } | null
}

const SCHEME = /^redis(s?)(?:\+(sentinel|cluster))?:\/\/(.*)$/s
const schemes = 'redis://, redis+sentinel:// or redis+cluster://, each also with rediss'
const sentinelQuery = ['sentinel_username', 'sentinel_password']

class Fault extends Error {}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    throw new Fault('has a % in the user or the password that stands for nothing: write it as %25')
  }
}

function readNode(text: string, index: number, defaultPort: number): RedisNode {
  const fault = new Fault(`has an address that is none: the ${index + 1}. is to be host:port`)
  if (/[/?#@\s]/.test(text) || !URL.canParse(`redis://${text}`)) throw fault
  const { hostname, port } = new URL(`redis://${text}`)
  if (hostname === '' || port === '0') throw fault
  return { host: hostname.replace(/^\[(.*)\]$/, '$1'), port: port === '' ? defaultPort : Number(port) }
}

function readLogin(text: string | undefined): RedisLogin {
  if (text === undefined) return {}
  const colon = text.indexOf(':')
  const [username, password] = colon < 0 ? [text, ''] : [text.slice(0, colon), text.slice(colon + 1)]
  return { ...(username ? { username: decoded(username) } : {}), ...(password ? { password: decoded(password) } : {}) }
}

function readSentinel(path: string[], query: URLSearchParams): RedisAddress['sentinel'] {
  const [primary = ''] = path
  if (primary === '') throw new Fault('does not name the primary that Sentinel watches: its name stands after the addresses')
  const [username, password] = sentinelQuery.map((name) => query.get(name))
  return { primary: decoded(primary), login: { ...(username ? { username } : {}), ...(password ? { password } : {}) } }
}

/** @throws where `faultOfRedisUrl` names a fault. */
export function readRedisUrl(text: string): RedisAddress {
  const [, secure, kind, rest = ''] = SCHEME.exec(text) ?? []
  if (secure === undefined) throw new Fault(`must begin with ${schemes}`)
  if (/,rediss?(\+\w+)?:/.test(rest)) throw new Fault('names its scheme, user and password once, before the first of several addresses')
  const [, authority = '', pathText = '', queryText = ''] = /^([^/?]*)\/?([^?]*)\??(.*)$/s.exec(rest) ?? []
  const at = authority.lastIndexOf('@')
  const nodes = authority
    .slice(at + 1)
    .split(',')
    .map((one, index) => readNode(one, index, kind === 'sentinel' ? 26_379 : 6_379))
  const query = new URLSearchParams(queryText)
  for (const name of query.keys())
    if (kind !== 'sentinel' || !sentinelQuery.includes(name)) throw new Fault(`has an option that means nothing here: ${name}`)
  const path = pathText.split('/')
  const sentinel = kind === 'sentinel' ? readSentinel(path, query) : null
  const [database = '', ...more] = sentinel === null ? path : path.slice(1)
  if (!/^\d{0,9}$/.test(database) || more.length > 0) throw new Fault('ends in what is no number of a database')
  if (Number(database) > 0 && (kind === 'cluster' || (sentinel === null && nodes.length > 1)))
    throw new Fault('names a database: a Cluster has only 0')
  return { tls: secure === 's', nodes, login: readLogin(at < 0 ? undefined : authority.slice(0, at)), database: Number(database), sentinel }
}

const examples = {
  sentinel: 'redis+sentinel://sentinel-1:26379,sentinel-2:26379,sentinel-3:26379/mymaster',
  cluster: 'redis+cluster://node-1:6379,node-2:6379,node-3:6379',
}

/** Null: it can be Redis's address. */
export function faultOfRedisUrl(text: string): { fault: string; example: string } | null {
  try {
    readRedisUrl(text)
    return null
  } catch (error) {
    if (!(error instanceof Fault)) throw error
    const kind = /sentinel|(cluster)|,/.exec(text)
    return {
      fault: error.message,
      example: kind === null ? 'redis://localhost:6379' : kind[0] === 'sentinel' ? examples.sentinel : examples.cluster,
    }
  }
}
