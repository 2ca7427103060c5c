// Media beside text: how long a client's words take to every agent's socket, without and with pictures that arrive meanwhile.
import { setTimeout as wait } from 'node:timers/promises'
import { openConnection } from '../load/raw-http.ts'
import { allSeen, join, latencies, nextMark, type Side, takeMark, withConnections } from '../load/seen.ts'
import { inboundWebhook, messageSid, pictureWebhook } from '../load/webhooks.ts'
import { callApi } from '../api.ts'
import { figure, median, percentile, type Row } from '../measure.ts'
import type { Options } from '../options.ts'
import { newDatabase, newFolder, type Started, startBaseline, startHilo } from '../processes.ts'

const AGENTS = 100
const CLIENTS = 100
/** Texts a second that are measured. */
const TEXTS = 50
const PICTURES = 100

/** Posts pictures at a steady rate until it is told to stop; answers how many. */
function pictures(side: Side, origin: string, serial: () => number): { stop(): Promise<number> } {
  let isOver = false
  const sending = (async () => {
    const connections = await Promise.all([1, 2, 3, 4].map(() => openConnection(side.server.url)))
    const free = [...connections]
    const began = performance.now()
    let sent = 0
    for (; !isOver; sent++) {
      const early = began + (sent * 1000) / PICTURES - performance.now()
      if (early > 0) await wait(early)
      while (free.length === 0) await wait(1)
      const connection = free.pop()
      const n = serial()
      void connection?.send(pictureWebhook(messageSid(0x2000_0000 + n), CLIENTS + (n % CLIENTS), origin)).then(() => free.push(connection))
    }
    await wait(200)
    for (const connection of connections) connection.close()
    return sent
  })()
  return {
    stop() {
      isOver = true
      return sending
    },
  }
}

export async function media({ quick, mongoUrl }: Options): Promise<Row[]> {
  const origin = await startBaseline('media-origin')
  const hilo = await startHilo(newDatabase(mongoUrl), origin.url, { MEDIA_DIR: newFolder() })
  const side = await join(hilo, AGENTS, (mark) =>
    inboundWebhook(messageSid(0x1000_0000 + mark), mark % CLIENTS, `#${mark}# ¿A qué hora llega?`),
  )
  const warm = nextMark()
  await withConnections(side, async ([connection]) => {
    for (let i = 0; i < CLIENTS; i++) await connection?.send(side.request(takeMark()))
  })
  await allSeen(side, warm, nextMark())
  let serial = 0
  let seconds = 0
  const text = () => withConnections(side, (connections) => latencies(side, connections, TEXTS, quick ? 2 : 5))
  const p99 = { alone: [] as number[], beside: [] as number[] }
  const p50 = { alone: [] as number[], beside: [] as number[] }
  await text()
  // Turn about, so that a disturbance of the machine falls on both.
  for (let round = 0; round < (quick ? 2 : 6); round++)
    for (const which of ['alone', 'beside'] as const) {
      const arriving = which === 'beside' ? pictures(side, origin.url, () => serial++) : null
      if (arriving !== null) await wait(500)
      const began = performance.now()
      const values = await text()
      if (arriving !== null) {
        await arriving.stop()
        seconds += (performance.now() - began) / 1000 + 0.5
        await allThere(hilo)
      }
      p99[which].push(percentile(values, 0.99))
      p50[which].push(percentile(values, 0.5))
    }
  for (const socket of side.sockets) socket.close()
  await hilo.stop()
  await origin.stop()
  const ratio = median(p99.beside) / median(p99.alone)
  return [
    {
      what: `Live latency p99 of text, ${AGENTS} agents, while ${figure(serial / seconds)} pictures of 200 kB arrive a second`,
      ours: `${figure(median(p99.beside), 'ms')} (p50 ${figure(median(p50.beside))})`,
      baseline: `${figure(median(p99.alone), 'ms')} without them (p50 ${figure(median(p50.alone))})`,
      ratio: figure(ratio),
      goal: '≤ 1.2',
      met: ratio <= 1.2,
    },
  ]
}

/** Until the last picture was fetched: the next slice begins with nothing left to do. */
async function allThere(server: Started): Promise<void> {
  for (let tries = 0; tries < 600; tries++) {
    const { items } = await callApi<{ items: { media: { state: string }[] }[] }>(server, '/api/messages?direction=inbound&limit=100')
    if (items.every(({ media }) => media.every(({ state }) => state !== 'pending'))) return
    await wait(50)
  }
  throw new Error('Pictures are still being fetched after 30 seconds.')
}
