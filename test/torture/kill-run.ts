// Kills the server at uniformly random moments under load, lets the callers repeat what was not answered, and then
// compares the simulator's ledger, the store and a client's view, message by message and field by field.
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer as createNetServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { randomBytes, randomUUID } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import jwt from 'jsonwebtoken'
import type { Message, OwnConversation } from '../../shared/model.ts'
import { createSimulator } from '../../server/simulator/simulator.ts'
import { accountSid, authToken, hostOrigin, jwtSecret, ownNumbers } from '../support/hilo.ts'
import { until } from '../support/until.ts'
import { type ClientView, createClientView } from './client-view.ts'
import { compare, type Difference } from './compare.ts'

export interface KillRunOptions {
  kills: number
  webhooksPerSecond: number
  sendsPerSecond: number
  /** Null: SQLite in a temporary folder. */
  mongoUrl: string | null
  seed: number
  report?: (line: string) => void
}

export interface KillRunResult {
  kills: number
  inbound: number
  outbound: number
  differences: Difference[]
  /** From a kill to the next 200 on /readyz, ms. */
  restartsMs: number[]
}

const CLIENTS = 25
/** A kill comes at any moment of this span after the server was ready. */
const SPREAD_MS = 4_000

/** @throws when the system does not come to rest in time. */
export async function killRun(options: KillRunOptions): Promise<KillRunResult> {
  const { report = () => {} } = options
  const random = mulberry(options.seed)
  const folder = mkdtempSync(join(tmpdir(), 'hilo-kill-'))
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const publicUrl = 'https://inbox.example.com'
  const simulator = createSimulator({
    accountSid,
    authToken,
    senders: ownNumbers,
    timing: { sentAfterMs: 30, deliveredAfterMs: 80 },
    retryWebhooks: { rc: 100_000, rp: ['all'], rt: 10_000, tt: 600_000, pauseMs: 300 },
  })
  const { url: apiUrl } = await simulator.listen()
  simulator.connect(publicUrl, url)
  const env = {
    PATH: process.env.PATH,
    HOME: process.env.HOME,
    PORT: String(port),
    HOST: '127.0.0.1',
    PUBLIC_URL: publicUrl,
    DATABASE_URL:
      options.mongoUrl === null
        ? `sqlite:${join(folder, 'hilo.db')}`
        : options.mongoUrl.replace(/^(mongodb(?:\+srv)?:\/\/[^/?]+)(\/[^?]*)?/, `$1/hilo_kill_${randomBytes(6).toString('hex')}`),
    JWT_SECRET: jwtSecret,
    ALLOWED_ORIGINS: hostOrigin,
    TWILIO_ACCOUNT_SID: accountSid,
    TWILIO_AUTH_TOKEN: authToken,
    TWILIO_WHATSAPP_NUMBER: ownNumbers.whatsapp,
    TWILIO_PHONE_NUMBER: ownNumbers.sms,
    TWILIO_WHATSAPP_RATE: '1000',
    TWILIO_SMS_RATE: '1000',
    TWILIO_API_URL: apiUrl,
    SEND_LIMIT_PER_CONTACT_HOUR: '1000000',
    RATE_LIMIT: '0',
    LOG_LEVEL: 'warn',
  }
  const token = jwt.sign({ sub: 'agent-1', name: 'Ana Díaz', org: 'default', role: 'supervisor' }, jwtSecret, { expiresIn: '12h' })
  let child: ChildProcess = launch(env)
  let view: ClientView | null = null
  const restartsMs: number[] = []
  try {
    await ready(url, child)
    view = createClientView(url, token)
    let loading = true
    const work: Promise<void>[] = []
    let inbound = 0
    let outbound = 0
    const conversations: string[] = []
    const phones = Array.from({ length: CLIENTS }, (_, i) => simulator.phone(`+549117700${String(1000 + i)}`))
    for (const phone of phones) await phone.write('hola', { channel: 'whatsapp' })
    inbound += phones.length
    for (const one of await everyConversation(url, token)) conversations.push(one.id)

    const writers = every(1000 / options.webhooksPerSecond, () => {
      const phone = phones[Math.floor(random() * phones.length)]
      if (!loading || phone === undefined) return
      inbound++
      work.push(phone.write(`escribe ${inbound} 😀`, { channel: random() < 0.8 ? 'whatsapp' : 'sms' }).then(() => {}))
    })
    const senders = every(1000 / options.sendsPerSecond, () => {
      const conversationId = conversations[Math.floor(random() * conversations.length)]
      if (!loading || conversationId === undefined) return
      outbound++
      work.push(sendUntilTaken(url, token, { conversationId, text: `contesta ${outbound} ñ`, clientMessageId: randomUUID() }))
    })
    for (let kill = 0; kill < options.kills; kill++) {
      await pause(200 + random() * SPREAD_MS)
      child.kill('SIGKILL')
      const at = Date.now()
      await new Promise((resolve) => child.once('exit', resolve))
      child = launch(env)
      await ready(url, child)
      restartsMs.push(Date.now() - at)
    }
    await pause(1_000)
    loading = false
    clearInterval(writers)
    clearInterval(senders)
    report(`${options.kills} kills, ${inbound} written, ${outbound} sent; waiting for the rest`)
    await Promise.all(work)
    const ledger = () => simulator.ledger()
    await until(
      async () => {
        if (simulator.pending() > 0 || ledger().accepted.some((one) => one.status !== 'delivered' && one.status !== 'read')) return false
        const open = await openMessages(url, token)
        report(`still open: ${open}`)
        return open === 0
      },
      { timeoutMs: 240_000, everyMs: 1_000, what: 'the end of everything under way' },
    )
    await pause(1_500)
    const stored = await everyMessage(url, token)
    const rows = await everyConversation(url, token)
    const seen = await view.settle(rows)
    return {
      kills: options.kills,
      inbound,
      outbound,
      restartsMs,
      differences: compare({ accepted: ledger().accepted, written: ledger().inbound, stored, rows, seen, expected: { inbound, outbound } }),
    }
  } finally {
    view?.close()
    child.kill('SIGKILL')
    await simulator.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

function launch(env: Record<string, string | undefined>): ChildProcess {
  return spawn(process.execPath, ['server/main.ts'], {
    env: env as NodeJS.ProcessEnv,
    stdio: ['ignore', 'ignore', process.env.SHOW_LOG ? 'inherit' : 'ignore'],
  })
}

async function ready(url: string, child: ChildProcess): Promise<void> {
  await until(
    async () => {
      if (child.exitCode !== null) throw new Error(`The server ended with ${child.exitCode}.`)
      return (await fetch(`${url}/readyz`).catch(() => null))?.status === 200
    },
    { timeoutMs: 90_000, everyMs: 20, what: '/readyz' },
  )
}

async function sendUntilTaken(url: string, token: string, body: object): Promise<void> {
  for (;;) {
    try {
      const reply = await fetch(`${url}/api/messages`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        body: JSON.stringify(body),
        signal: AbortSignal.timeout(10_000),
      })
      const text = await reply.text()
      if (reply.status === 202 || reply.status === 200) return
      if (reply.status < 500) throw new Error(`a send was refused: ${reply.status} ${text}`)
    } catch (error) {
      if (error instanceof Error && error.message.startsWith('a send was refused')) throw error
    }
    await pause(300)
  }
}

async function get<T>(url: string, token: string): Promise<T> {
  const reply = await fetch(url, { headers: { authorization: `Bearer ${token}` } })
  if (reply.status !== 200) throw new Error(`GET ${new URL(url).pathname}: ${reply.status}`)
  return (await reply.json()) as T
}

async function pages<T>(url: string, token: string): Promise<T[]> {
  const items: T[] = []
  for (let cursor: string | null = null; ; ) {
    const page: { items: T[]; nextCursor: string | null } = await get(
      `${url}&limit=100${cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`}`,
      token,
    )
    items.push(...page.items)
    cursor = page.nextCursor
    if (cursor === null) return items
  }
}
const everyConversation = (url: string, token: string) => pages<OwnConversation>(`${url}/api/conversations?automated=true`, token)
const everyMessage = (url: string, token: string) => pages<Message>(`${url}/api/messages?`, token)
async function openMessages(url: string, token: string): Promise<number> {
  let open = 0
  for (const status of ['queued', 'sending', 'unconfirmed', 'sent'])
    open += (await get<{ items: Message[] }>(`${url}/api/messages?status=${status}&limit=100`, token)).items.length
  return open
}

function every(ms: number, task: () => void): NodeJS.Timeout {
  return setInterval(task, ms)
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createNetServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo
      server.close(() => resolve(port))
    })
  })
}

/** A small seeded generator, so that a run can be repeated with the same moments. */
function mulberry(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = Math.imul(state ^ (state >>> 15), state | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
}
