// Idle agents: memory of the server per connected socket with its subscriptions, against bare Socket.IO.
import { setTimeout as wait } from 'node:timers/promises'
import { connectMany } from '../load/thin-socket.ts'
import { startTwilioSink } from '../load/twilio-sink.ts'
import { figure, type Row } from '../measure.ts'
import type { Options } from '../options.ts'
import { newDatabase, type Started, startBaseline, startHilo } from '../processes.ts'
import { agentToken } from '../settings.ts'

/** Records on the page that an agent has open. */
const BADGES = Array.from({ length: 20 }, (_, i) => `ev-${i}`)

async function perSocket(server: Started, agents: number): Promise<{ used: number; resident: number }> {
  const tokens = Array.from({ length: agents }, (_, i) => agentToken(`agent-${i}`))
  // The first ones pay for what is made once.
  const early = await connectMany(server.url, tokens.slice(0, 50), () => {})
  await wait(200)
  const before = await server.memory()
  const sockets = await connectMany(server.url, tokens.slice(50), () => {})
  for (const [i, socket] of sockets.entries()) socket.emit(i, 'subscribe:coordinations', { ids: BADGES })
  await wait(1500)
  const after = await server.memory()
  for (const socket of [...early, ...sockets]) socket.close()
  return { used: (after.used - before.used) / sockets.length, resident: (after.resident - before.resident) / sockets.length }
}

export async function idle({ quick, mongoUrl }: Options): Promise<Row[]> {
  const agents = quick ? 500 : 5000
  const sink = await startTwilioSink()
  const hilo = await startHilo(newDatabase(mongoUrl), sink.url)
  const ours = await perSocket(hilo, agents)
  await hilo.stop()
  const bare = await startBaseline('live')
  const theirs = await perSocket(bare, agents)
  await bare.stop()
  sink.close()
  const ratio = ours.used / theirs.used
  const said = ({ used, resident }: { used: number; resident: number }) =>
    `${figure(used / 1024, 'kB')} (resident ${figure(resident / 1024)})`
  return [
    {
      what: `Idle agents, memory a socket, ${agents.toLocaleString('en')} sockets`,
      ours: said(ours),
      baseline: said(theirs),
      ratio: figure(ratio),
      goal: '≤ 1.3',
      met: ratio <= 1.3,
    },
  ]
}
