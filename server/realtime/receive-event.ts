// Every event of every socket comes through here: limit, handler, answer, backpressure. Never throws.
import { DomainError } from '../../shared/problems.ts'
import { splitArguments, toProblem } from './answer.ts'
import { handlers } from './handlers.ts'
import type { Live } from './live.ts'
import type { HiloSocket } from './socket-types.ts'

/** Own names only: `constructor` is no event. */
const byName = new Map(Object.entries(handlers))

async function handle(live: Live, socket: HiloSocket, name: string, payload: unknown): Promise<object> {
  live.limits.request(socket.data.caller)
  const handler = byName.get(name)
  if (!handler) throw new DomainError('bad_request', 'There is no such event.')
  return await handler(live, socket, payload)
}

/** One listener for all sockets: `this` is the socket, as Socket.IO calls it. */
export function createReceiveEvent(live: Live) {
  return function receiveEvent(this: HiloSocket, name: unknown, ...args: unknown[]): void {
    const { payload, ack } = splitArguments(args)
    const event = String(name)
    const answered = (answer: object) => {
      if (!ack || !this.connected) return
      ack(answer)
      live.slow.look(this)
    }
    handle(live, this, event, payload).then(
      (answer) => answered({ ok: true, ...answer }),
      (error: unknown) => {
        const { problem, ours } = toProblem(error)
        // Its name is logged where it is one of ours; the payload never.
        if (ours) live.parts.log.error({ err: error, event: byName.has(event) ? event : 'unknown' }, 'A socket event failed')
        answered({ ok: false, error: problem })
      },
    )
  }
}
