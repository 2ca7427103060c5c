// Start: `node server/main.ts` to the first 200 on /readyz, with a database that holds messages already.
import { spawn } from 'node:child_process'
import { setTimeout as wait } from 'node:timers/promises'
import { systemClock } from '../../../server/clock.ts'
import { createIds } from '../../../server/ids.ts'
import { openStore } from '../../../server/store/open-store.ts'
import { identityKeys } from '../../../shared/phone.ts'
import { freePort } from '../../support/free-port.ts'
import { clientNumber, messageSid } from '../load/webhooks.ts'
import { figure, median, type Row } from '../measure.ts'
import type { Options } from '../options.ts'
import { newDatabase } from '../processes.ts'
import { serverSettings, whatsappNumber } from '../settings.ts'

const CLIENTS = 1000
const AT_ONCE = 500

export async function fill(databaseUrl: string, messages: number): Promise<void> {
  const newId = createIds(Date.now)
  const store = await openStore(databaseUrl, { clock: systemClock, newId })
  for (let start = 0; start < messages; start += AT_ONCE)
    await Promise.all(
      Array.from({ length: Math.min(AT_ONCE, messages - start) }, (_, i) => {
        const n = start + i
        const address = clientNumber(n % CLIENTS)
        return store.receive(
          {
            id: newId(),
            orgId: 'default',
            channel: 'whatsapp',
            sender: whatsappNumber,
            address,
            phone: address,
            keys: identityKeys(address),
            aliases: [],
            profileName: `Cliente ${n % CLIENTS}`,
            fallbackName: address,
            attributes: {},
            twilioSid: messageSid(n),
            type: 'text',
            text: '¿A qué hora llega el fotógrafo?',
            button: null,
            location: null,
            contacts: null,
            media: [],
            referral: null,
            forwarded: false,
            quotedSid: null,
            said: null,
            createdAt: Date.now(),
            recovered: false,
            listed: false,
            onlyIfKnown: false,
          },
          () => ({ coordinationId: null, hintId: null }),
        )
      }),
    )
  await store.close()
}

export async function startOnce(databaseUrl: string): Promise<number> {
  const port = await freePort()
  const began = performance.now()
  const child = spawn(process.execPath, ['server/main.ts'], {
    env: { PATH: process.env.PATH ?? '', ...serverSettings(databaseUrl, 'http://127.0.0.1:9'), PORT: String(port) },
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  try {
    for (;;) {
      const ready = await fetch(`http://127.0.0.1:${port}/readyz`).then(
        async (response) => {
          await response.arrayBuffer()
          return response.status === 200
        },
        () => false,
      )
      if (ready) return performance.now() - began
      if (child.exitCode !== null) throw new Error('The server ended instead of getting ready.')
      await wait(5)
    }
  } finally {
    child.kill('SIGTERM')
    await ended
  }
}

export async function start({ quick, mongoUrl }: Options): Promise<Row[]> {
  const messages = quick ? 10_000 : 1_000_000
  const databaseUrl = newDatabase(mongoUrl)
  await fill(databaseUrl, messages)
  const times: number[] = []
  for (let i = 0; i < (quick ? 3 : 5); i++) times.push(await startOnce(databaseUrl))
  const time = median(times)
  return [
    {
      what: `Start to ready, ${messages.toLocaleString('en')} messages`,
      ours: figure(time, 'ms'),
      baseline: '',
      ratio: '',
      goal: '≤ 1000 ms',
      met: time <= 1000,
    },
  ]
}
