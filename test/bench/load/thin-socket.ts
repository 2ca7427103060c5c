// A Socket.IO client reduced to what a load needs (Engine.IO 4 over WebSocket, Socket.IO 5 packets): a thousand of the real
// ones in one process would cost more than the server that is measured.
import { randomBytes } from 'node:crypto'
import { connect } from 'node:net'

export interface ThinSocket {
  /** A Socket.IO event; the answer arrives as a packet `43<id>[…]`. */
  emit(ackId: number, event: string, payload: unknown): void
  close(): void
}

function textFrame(text: string): Buffer {
  const payload = Buffer.from(text)
  const head =
    payload.length < 126
      ? Buffer.from([0x81, 0x80 | payload.length])
      : Buffer.from([0x81, 0x80 | 126, payload.length >> 8, payload.length & 255])
  // A mask of zeros is a mask (RFC 6455, 5.3); it leaves the payload as it is.
  return Buffer.concat([head, Buffer.alloc(4), payload])
}

/** `hear` gets the bytes of every packet after connecting, without the Engine.IO `4`; they are only valid during the call. */
export async function connectThin(origin: string, token: string, hear: (packet: Buffer) => void): Promise<ThinSocket> {
  const { hostname, port, host } = new URL(origin)
  const socket = connect({ host: hostname, port: Number(port), noDelay: true })
  let upgraded = false
  let held: Buffer = Buffer.alloc(0)
  let joined: () => void = () => {}
  let refused: (error: Error) => void = () => {}
  const connected = new Promise<void>((resolve, reject) => {
    joined = resolve
    refused = reject
  })
  socket.on('error', (error) => refused(error))
  socket.on('close', () => refused(new Error('The server closed the socket.')))

  function take(payload: Buffer): void {
    switch (payload[0]) {
      case 0x30: // open
        socket.write(textFrame(`40${JSON.stringify({ token })}`))
        break
      case 0x32: // ping
        socket.write(textFrame('3'))
        break
      case 0x34: // message
        if (payload[1] === 0x30) joined()
        else if (payload[1] === 0x34) refused(new Error(payload.toString('utf8', 2)))
        else hear(payload.subarray(1))
    }
  }

  socket.on('data', (bytes: Buffer) => {
    let data = held.length === 0 ? bytes : Buffer.concat([held, bytes])
    if (!upgraded) {
      const end = data.indexOf('\r\n\r\n')
      if (end < 0) {
        held = data
        return
      }
      upgraded = true
      data = data.subarray(end + 4)
    }
    for (;;) {
      if (data.length < 2) break
      const short = (data[1] ?? 0) & 127
      const start = short < 126 ? 2 : short === 126 ? 4 : 10
      if (data.length < start) break
      const length = short < 126 ? short : short === 126 ? data.readUInt16BE(2) : Number(data.readBigUInt64BE(2))
      if (data.length < start + length) break
      if (((data[0] ?? 0) & 15) === 1) take(data.subarray(start, start + length))
      data = data.subarray(start + length)
    }
    held = data.length === 0 ? data : Buffer.from(data)
  })
  socket.write(
    [
      'GET /socket.io/?EIO=4&transport=websocket HTTP/1.1',
      `host: ${host}`,
      'connection: upgrade',
      'upgrade: websocket',
      'sec-websocket-version: 13',
      `sec-websocket-key: ${randomBytes(16).toString('base64')}`,
      '\r\n',
    ].join('\r\n'),
  )
  await connected
  return {
    emit: (ackId, event, payload) => socket.write(textFrame(`42${ackId}${JSON.stringify([event, payload])}`)),
    close: () => socket.destroy(),
  }
}

/** Many, a few at a time, so that connecting is no flood. */
export async function connectMany(
  origin: string,
  tokens: readonly string[],
  hear: (index: number, packet: Buffer) => void,
): Promise<ThinSocket[]> {
  const sockets: ThinSocket[] = []
  for (let start = 0; start < tokens.length; start += 50) {
    const group = tokens.slice(start, start + 50)
    sockets.push(...(await Promise.all(group.map((token, i) => connectThin(origin, token, (packet) => hear(start + i, packet))))))
  }
  return sockets
}
