// One HTTP request to an address that somebody else chose. The address is looked up here, looked at, and connected to as it is, so
// that a name cannot be answered once for the look and once more for the line.
import { lookup as lookUp } from 'node:dns/promises'
import { type IncomingMessage, request } from 'node:http'
import { connect as connectSocket, isIP, type Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { connect as connectTls, type ConnectionOptions } from 'node:tls'
import { isPrivateHost, isPublicAddress } from './private-host.ts'

/** The address is none that a server of ours may be led to. */
export class AddressRefused extends Error {
  override readonly name = 'AddressRefused'
}

/** Parts that a test may replace. */
export interface Line {
  /** All addresses of a name. */
  lookup?: (hostname: string) => Promise<readonly string[]>
  connect?: (address: string, port: number) => Socket
  tls?: Pick<ConnectionOptions, 'ca'>
  /** How long a line may take to stand, with each address. */
  connectMs?: number
}

export interface PublicRequest {
  headers: Readonly<Record<string, string>>
  /** Makes it a POST. */
  body?: string
  /** The operator's own word: the address may be private. */
  mayBePrivate: boolean
  /** Ends it at any point, the reading of the answer too. */
  signal: AbortSignal
}

const CONNECT_MS = 5_000
const systemLookup = async (hostname: string) => (await lookUp(hostname, { all: true })).map(({ address }) => address)

/**
 * GET, or POST where there is a body, without following redirects. The answer is to be read or destroyed.
 *
 * @throws AddressRefused before anything is connected; what the network says.
 */
export async function requestPublic(
  url: URL,
  { headers, body, mayBePrivate, signal }: PublicRequest,
  line: Line = {},
): Promise<IncomingMessage> {
  const secure = url.protocol === 'https:'
  if (!secure && url.protocol !== 'http:') throw new AddressRefused(`${url.protocol} is not fetched.`)
  const hostname = url.hostname.replace(/^\[|\]$/g, '')
  const addresses = await resolve(hostname, mayBePrivate, signal, line.lookup ?? systemLookup)
  const port = Number(url.port) || (secure ? 443 : 80)
  const socket = await connectFirst(addresses, port, signal, line)
  const stream: Duplex = secure
    ? connectTls({ ...line.tls, socket, ALPNProtocols: ['http/1.1'], ...(isIP(hostname) ? {} : { servername: hostname }), host: hostname })
    : socket
  return new Promise((answer, fail) => {
    const asked = request({
      createConnection: () => stream,
      signal,
      method: body === undefined ? 'GET' : 'POST',
      path: url.pathname + url.search,
      headers: {
        ...headers,
        ...(body === undefined ? {} : { 'Content-Length': String(Buffer.byteLength(body)) }),
        Host: url.host,
        Connection: 'close',
      },
    })
    // The answer's own faults are told to whoever reads it.
    asked.on('response', answer).on('error', fail).end(body)
  })
}

/** Every address that the name has must be public: one that leads in here beside others is no accident. */
async function resolve(hostname: string, mayBePrivate: boolean, signal: AbortSignal, lookup: NonNullable<Line['lookup']>) {
  if (!mayBePrivate && isPrivateHost(hostname)) throw new AddressRefused(`${hostname} is private.`)
  if (isIP(hostname) !== 0) return [hostname]
  // The system's resolver cannot be stopped: its answer is not waited for.
  const addresses = await Promise.race([lookup(hostname), aborted(signal)])
  const fault = addresses.find((address) => !mayBePrivate && !isPublicAddress(address))
  if (fault !== undefined) throw new AddressRefused(`${hostname} leads to ${fault}, which is private.`)
  return addresses
}

async function connectFirst(addresses: readonly string[], port: number, signal: AbortSignal, line: Line): Promise<Socket> {
  let fault: unknown = new Error('The name has no address.')
  for (const address of addresses) {
    const limit = AbortSignal.any([signal, AbortSignal.timeout(line.connectMs ?? CONNECT_MS)])
    const socket = line.connect?.(address, port) ?? connectSocket({ host: address, port })
    try {
      await Promise.race([opened(socket), aborted(limit)])
      return socket
    } catch (error) {
      socket.destroy()
      signal.throwIfAborted()
      fault = error
    }
  }
  throw fault
}

function opened(socket: Socket): Promise<void> {
  return new Promise((open, fail) => socket.once('connect', open).once('error', fail))
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, fail) => {
    if (signal.aborted) fail(signal.reason)
    signal.addEventListener('abort', () => fail(signal.reason), { once: true })
  })
}
