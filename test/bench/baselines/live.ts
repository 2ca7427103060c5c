// Baseline of Live latency, Live rate and Idle agents: a bare Socket.IO server that broadcasts what is posted to it.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Server } from 'socket.io'
import { answerBench } from '../answer-bench.ts'

const http = createServer((request, response) => {
  let body = ''
  request.setEncoding('utf8')
  request.on('data', (text: string) => {
    body += text
  })
  request.on('end', () => {
    io.emit('changes', JSON.parse(body))
    response.writeHead(204).end()
  })
})
const io = new Server(http, { transports: ['websocket'], serveClient: false })
http.listen(0, '127.0.0.1', () => answerBench(`http://127.0.0.1:${(http.address() as AddressInfo).port}`, () => {}))
