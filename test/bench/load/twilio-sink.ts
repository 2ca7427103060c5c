// Takes every send and answers like Twilio at once; remembers which of our messages got which SID.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { messageSid } from './webhooks.ts'

export interface TwilioSink {
  url: string
  taken: { id: string; sid: string; to: string }[]
  close(): void
}

export async function startTwilioSink(): Promise<TwilioSink> {
  const taken: TwilioSink['taken'] = []
  const server = createServer((request, response) => {
    let body = ''
    request.setEncoding('utf8')
    request.on('data', (text: string) => {
      body += text
    })
    request.on('end', () => {
      if (request.method !== 'POST') {
        response.writeHead(200, { 'content-type': 'application/json' }).end('{"messages":[],"page_size":50,"next_page_uri":null}')
        return
      }
      const fields = new URLSearchParams(body)
      const sid = messageSid(0xf000_0000 + taken.length)
      taken.push({ id: fields.get('StatusCallback')?.split('/').at(-1) ?? '', sid, to: fields.get('To') ?? '' })
      response.writeHead(201, { 'content-type': 'application/json' })
      response.end(
        JSON.stringify({
          sid,
          status: 'queued',
          to: fields.get('To'),
          from: fields.get('From'),
          body: fields.get('Body'),
          error_code: null,
        }),
      )
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    taken,
    close: () => {
      server.close()
      server.closeAllConnections()
    },
  }
}
