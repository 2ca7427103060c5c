// A little HTTP server that answers what a test says, and remembers who asked for what, and with which credentials.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { testCertificate } from './test-certificate.ts'

export interface Hit {
  path: string
  host: string
  authorization: string | null
}

export interface Origin {
  url: string
  port: number
  hits: Hit[]
  /** Lines that are open. */
  lines(): Promise<number>
  close(): Promise<void>
}

export type Answer = (request: IncomingMessage, response: ServerResponse) => void

export async function openOrigin(answer: Answer, { secure = false } = {}): Promise<Origin> {
  const hits: Hit[] = []
  const listener: Answer = (request, response) => {
    const { host = '', authorization = null } = request.headers
    hits.push({ path: request.url ?? '', host, authorization })
    answer(request, response)
  }
  const server = secure ? createTlsServer(testCertificate, listener) : createServer(listener)
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  const { port } = server.address() as AddressInfo
  return {
    url: `${secure ? 'https' : 'http'}://127.0.0.1:${port}`,
    port,
    hits,
    lines: () => new Promise((tell) => server.getConnections((_, count) => tell(count))),
    close: () =>
      new Promise((closed) => {
        server.close(() => closed())
        server.closeAllConnections()
      }),
  }
}
