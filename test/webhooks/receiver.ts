// A host that is told: keeps what it was posted, and answers as the test says.
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Webhook } from 'standardwebhooks'

export interface Told {
  headers: IncomingHttpHeaders
  path: string
  text: string
  body: { type: string; timestamp: string; data: Record<string, unknown> }
}
export interface Receiver {
  origin: string
  told: Told[]
  of(type: string): Told[]
  /** What it answers from now on. */
  answer(how: (response: ServerResponse, told: Told) => void): void
  close(): Promise<void>
}

export async function startReceiver(): Promise<Receiver> {
  const told: Told[] = []
  let how: Parameters<Receiver['answer']>[0] = (response) => void response.writeHead(204).end()
  const server = createServer(async (request, response) => {
    let text = ''
    for await (const chunk of request) text += String(chunk)
    const one = { headers: request.headers, path: request.url ?? '', text, body: JSON.parse(text) as Told['body'] }
    told.push(one)
    how(response, one)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    told,
    of: (type) => told.filter(({ body }) => body.type === type),
    answer(given) {
      how = given
    },
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** As a host checks it, by the library. @throws where the signature is wrong. */
export const verify = (secret: string, { text, headers }: Told): unknown =>
  new Webhook(secret).verify(text, headers as Record<string, string>)
