// Stands in Twilio's place for what clients send: every medium is a picture of 200 kB, no two alike; every list is empty.
import { randomBytes } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { bytesOf } from '../../../server/simulator/camera-roll.ts'
import { answerBench } from '../answer-bench.ts'

const BYTES = 200 * 1024
const photo = bytesOf('photo')
const filling = randomBytes(BYTES - photo.length)

const server = createServer((request, response) => {
  if (!request.url?.includes('/Media/ME')) {
    response.writeHead(200, { 'content-type': 'application/json' }).end('{"messages":[],"page_size":50,"next_page_uri":null}')
    return
  }
  // Behind the picture's own end, where nobody looks but the hash.
  const bytes = Buffer.concat([photo, filling])
  bytes.write(request.url, photo.length)
  response.writeHead(200, { 'content-type': 'image/jpeg', 'content-length': bytes.length }).end(bytes)
})
server.listen(0, '127.0.0.1', () => {
  answerBench(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, () => {
    server.close()
    server.closeAllConnections()
  })
})
