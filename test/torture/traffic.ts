// Clients who write and agents who answer, read and look, without pause. What is said, by whom and to whom comes from the
// seed; the moments do as far as timers keep to them.
import type { Simulator } from '../../server/simulator/simulator.ts'
import type { Written } from '../../server/simulator/write-message.ts'
import { createRandom } from '../support/random.ts'
import type { TakenSend, TortureAgent } from './agents.ts'

export interface TrafficOptions {
  simulator: Simulator
  agents: readonly TortureAgent[]
  seed: number
  phones: number
  writesPerSecond: number
  sendsPerSecond: number
}

export interface Traffic {
  taken: readonly TakenSend[]
  /** Sends that were refused for what they are: none should be. */
  refused: readonly string[]
  written: readonly Written[]
  /** At this moment: asked and not acknowledged; acknowledged and not with Twilio, or its answer still on its way. */
  inFlight(): { sends: number; webhooks: number }
  /** Nobody begins anything new. Resolves when all that was begun is acknowledged. */
  end(): Promise<void>
}

const phrases = [
  '¿A qué hora llegan?',
  'Dale, perfecto 👍🏽',
  'Somos 8 adultos y 2 niños',
  'Confirmado\nNos vemos el sábado',
  'مرحبا، متى الموعد؟',
  '👨‍👩‍👧‍👦 ñandú & <b>no es HTML</b>',
  'Te paso la dirección: Av. Rivadavia 1234, piso 5, depto. «B»',
  'a'.repeat(700),
]
/** One in ten says the same as others on its line did: an answer that is lost then has two candidates in the list. */
const SAME = 'ok'
/** Sends that wait to be acknowledged, of all agents. */
const MOST_ASKING = 30
/** From acceptance to Twilio's answer. */
export const ANSWER_MS = 150

export function createTraffic({ simulator, agents, seed, phones: count, writesPerSecond, sendsPerSecond }: TrafficOptions): Traffic {
  const phones = Array.from({ length: count }, (_, i) => simulator.phone(`+549117700${1000 + i}`))
  const taken: TakenSend[] = []
  const refused: string[] = []
  const written: Written[] = []
  const open = new Set<Promise<void>>()
  const timers = new Set<NodeJS.Timeout>()
  let asking = 0
  let ended = false
  let numbered = 0

  // Acknowledged, and not with Twilio yet; then Twilio's answer is on its way for a moment.
  const queued = new Set<string>()
  const onTheWay = new Set<string>()
  const withTwilio = new Set<string>()
  simulator.on('accepted', (message) => {
    const id = message.statusCallback?.split('/').at(-1)
    if (id === undefined) return
    queued.delete(id)
    withTwilio.add(id)
    onTheWay.add(id)
    setTimeout(() => onTheWay.delete(id), ANSWER_MS).unref()
  })
  const track = (work: Promise<void>) => {
    open.add(work)
    void work.finally(() => open.delete(work))
  }
  const say = (random: (limit: number) => number) => (random(10) === 0 ? SAME : `${phrases[random(phrases.length)]} #${++numbered}`)

  /** Each kind of act has its own dice, so that one that waits does not change the others. */
  const often = (perSecond: number, salt: number, act: (random: (limit: number) => number) => void) => {
    const random = createRandom(seed + salt)
    const next = () => {
      const timer = setTimeout(() => {
        timers.delete(timer)
        if (ended) return
        act(random)
        next()
      }, random(2_000) / perSecond)
      timers.add(timer)
    }
    next()
  }
  const pick = <T>(random: (limit: number) => number, list: readonly T[]): T => list[random(list.length)] as T

  const write = (random: (limit: number) => number, phone: (typeof phones)[number]) => {
    const channel = random(5) === 0 ? 'sms' : 'whatsapp'
    track(phone.write(say(random), { channel }).then((one) => void written.push(one)))
  }
  const send = (random: (limit: number) => number) => {
    const agent = pick(random, agents)
    const phone = pick(random, phones)
    const sms = random(6) === 0
    const by = random(3) === 0 ? 'http' : 'socket'
    const text = say(random)
    const row = [...agent.view.seen.conversations.values()].find((one) => one.channel === 'whatsapp' && one.contact.phone === phone.address)
    // People wait for what they sent last; a crowd that does not would be a bench.
    if ((!sms && row === undefined) || asking >= MOST_ASKING) return
    asking++
    track(
      agent
        .send(row === undefined || sms ? { channel: 'sms', to: phone.address, text } : { conversationId: row.id, text }, by)
        .then((one) => {
          taken.push(one)
          if (!withTwilio.has(one.messageId)) queued.add(one.messageId)
        })
        .catch((error: unknown) => void refused.push(String(error)))
        .finally(() => asking--),
    )
  }
  for (const phone of phones) track(phone.write('hola', { channel: 'whatsapp' }).then((one) => void written.push(one)))
  often(writesPerSecond, 1, (random) => write(random, pick(random, phones)))
  often(sendsPerSecond, 2, send)
  often(3, 3, (random) => {
    const agent = pick(random, agents)
    const rows = [...agent.view.seen.conversations.values()]
    const row = rows[random(Math.max(1, rows.length))]
    if (row !== undefined && row.lastSeq > 0 && agent.view.connected()) track(agent.read(row.id, row.lastSeq).then(() => {}))
  })
  often(2, 4, (random) => {
    const agent = pick(random, agents)
    const rows = [...agent.view.seen.conversations.values()]
    agent.view.watch(rows.length === 0 || random(4) === 0 ? null : pick(random, rows).id)
  })

  return {
    taken,
    refused,
    written,
    inFlight: () => ({
      sends: asking + queued.size + onTheWay.size,
      webhooks: simulator.unanswered(),
    }),
    async end() {
      ended = true
      for (const timer of timers) clearTimeout(timer)
      while (open.size > 0) await Promise.all(open)
    },
  }
}
