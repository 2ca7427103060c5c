// Reads what is left of a request that is refused, so that the answer arrives.
import type { IncomingMessage } from 'node:http'

/** Browsers hear an answer only when they have sent what they send; one that never ends is cut. */
export function readOff(request: IncomingMessage, mostBytes: number): void {
  let left = mostBytes
  request.unpipe()
  request.on('data', (chunk: Uint8Array) => {
    left -= chunk.byteLength
    if (left < 0) request.destroy()
  })
  request.resume()
}
