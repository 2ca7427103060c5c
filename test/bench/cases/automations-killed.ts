// Five hundred messages due a minute while a server is killed again and again, on MongoDB one of two: each goes exactly once, or is
// marked as missed.
import { setTimeout as wait } from 'node:timers/promises'
import type { Message } from '../../../shared/model.ts'
import { createSimulator } from '../../../server/simulator/simulator.ts'
import { callApi } from '../api.ts'
import type { Row } from '../measure.ts'
import type { Options } from '../options.ts'
import { newDatabase, startHilo, type Started } from '../processes.ts'
import { accountSid, authToken, publicUrl, whatsappNumber } from '../settings.ts'
import { DAY_MS, openAgain, orgId, recordOf, saveRecords, saveRules, smsSettings } from '../load/planned-records.ts'

const A_MINUTE = 500
const LEAD_MS = 5_000
const KILL_EVERY_MS = 4_000
/** A send without an answer is looked up for a minute before it is made again. */
const SETTLED_WITHIN_MS = 150_000

export async function killedWhileDue({ quick, mongoUrl }: Options): Promise<Row[]> {
  const count = (quick ? 0.5 : 2) * A_MINUTE
  const simulator = createSimulator({
    ...{ accountSid, authToken, senders: { whatsapp: whatsappNumber, sms: smsSettings.TWILIO_PHONE_NUMBER } },
    limit: 10 * count,
  })
  const { url } = await simulator.listen()
  const databaseUrl = newDatabase(mongoUrl)
  const begin = () => startHilo(databaseUrl, url, smsSettings)
  const servers: Started[] = [await begin()]
  if (mongoUrl !== null) servers.push(await begin())
  const listen = () => simulator.connect(publicUrl, servers[0]?.url ?? '')
  listen()
  const [first] = servers
  if (!first) throw new Error('No server.')
  await saveRules(first)
  const from = Date.now() + LEAD_MS + DAY_MS
  const dueAt = (n: number) => from + (n * 60_000) / A_MINUTE
  await saveRecords(
    first,
    Array.from({ length: count }, (_, n) => recordOf(n, dueAt(n))),
  )
  let kills = 0
  while (Date.now() < dueAt(count) - DAY_MS) {
    await wait(KILL_EVERY_MS * (0.5 + Math.random()))
    const place = kills % servers.length
    await servers[place]?.kill()
    servers[place] = await begin()
    listen()
    kills++
  }
  await settled(servers[0] as Started, count)
  for (const server of servers) await server.stop()
  await simulator.close()
  const messages = await automated(databaseUrl)
  const sent = Map.groupBy(simulator.ledger().accepted, ({ to }) => to)
  const outcome = { lost: 0, doubled: 0, missed: 0 }
  for (let n = 0; n < count; n++) {
    const { id, contact } = recordOf(n, 0)
    const own = messages.filter(({ coordinationId }) => coordinationId === id)
    const times = sent.get(contact.phone)?.length ?? 0
    if (own.length > 1 || times > 1) outcome.doubled++
    else if (own[0]?.status === 'canceled' && times === 0) outcome.missed++
    else if (times === 0) outcome.lost++
  }
  const { lost, doubled, missed } = outcome
  return [
    {
      what: `${count} due, ${A_MINUTE} a minute, killed ${kills} times${servers.length > 1 ? ', one of two servers' : ''}: lost, doubled`,
      ours: `${lost}, ${doubled} (marked as missed ${missed})`,
      ...{ baseline: '', ratio: '', goal: '0, 0', met: lost + doubled === 0 },
    },
  ]
}

/** Nothing of them is on its way any more. */
async function settled({ url }: Started, count: number): Promise<void> {
  const end = Date.now() + SETTLED_WITHIN_MS
  do await wait(2_000)
  while ((await openCount(url, count)) > 0 && Date.now() < end)
}

async function openCount(url: string, count: number): Promise<number> {
  const server = { url } as Started
  let ended = 0
  let cursor = ''
  do {
    const more = cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`
    const page = await callApi<{ items: Message[]; nextCursor: string | null }>(server, `/api/messages?automation=dia&limit=100${more}`)
    ended += page.items.filter(({ status }) => ['sent', 'delivered', 'read', 'failed', 'canceled'].includes(status)).length
    cursor = page.nextCursor ?? ''
  } while (cursor !== '')
  return Math.max(0, count - ended)
}

async function automated(databaseUrl: string): Promise<Message[]> {
  const store = await openAgain(databaseUrl)
  const messages: Message[] = []
  let cursor: string | null = null
  do {
    const page = await store.messageLog({ orgId, agentId: 'bench', scope: null }, { authorType: 'automation' }, { cursor, limit: 200 })
    messages.push(...page.items)
    cursor = page.nextCursor
  } while (cursor !== null)
  await store.close()
  return messages
}
