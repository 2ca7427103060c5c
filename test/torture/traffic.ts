// Clients who write, quote and fail to be reached, and agents who answer, note, plan, read, look and tidy up, without pause.
// The texts, who says them and to whom come from the seed; the moments do as far as timers keep to them.
import { setTimeout as pause } from 'node:timers/promises'
import type { Conversation } from '../../shared/model.ts'
import type { SendMessage } from '../../shared/requests.ts'
import { renderTemplate } from '../../shared/templates.ts'
import { sandboxTemplates } from '../../server/templates/sandbox.ts'
import type { Simulator } from '../../server/simulator/simulator.ts'
import { createRandom } from '../support/random.ts'
import { Refused, type TakenSend, type TortureAgent, type Way } from './agents.ts'
import { drawFile, mediaOfWrite, troubleMedia } from './client-media.ts'
import { messageIdOf } from './compare-ledger.ts'
import { deskWork } from './desk-work.ts'
import { createJournal, type Journal } from './journal.ts'
import { createOptOuts } from './opt-out-words.ts'
import { recordsOf } from './records.ts'

export interface TrafficOptions {
  simulator: Simulator
  agents: readonly TortureAgent[]
  seed: number
  /** Of the clients. */
  addresses: readonly string[]
  writesPerSecond: number
  sendsPerSecond: number
  /** Pictures and files too, and clients who write STOP and START. */
  withMedia: boolean
}

export interface Traffic {
  taken: readonly TakenSend[]
  /** Sends that were refused for what they are: none should be. */
  refused: readonly string[]
  journal: Readonly<Journal>
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
/** The template that the store keeps and Twilio is told of. */
export const TEMPLATE = sandboxTemplates[0] as (typeof sandboxTemplates)[number]
/** Sends that wait to be acknowledged, of all agents. */
const MOST_ASKING = 30
/** From acceptance to Twilio's answer. */
export const ANSWER_MS = 150

export function createTraffic({ simulator, agents, seed, addresses, writesPerSecond, sendsPerSecond, withMedia }: TrafficOptions): Traffic {
  const phones = addresses.map((address) => simulator.phone(address))
  const indexOf = new Map(addresses.map((address, index) => [address, index]))
  const taken: TakenSend[] = []
  const refused: string[] = []
  const journal = createJournal()
  const open = new Set<Promise<void>>()
  const timers = new Set<NodeJS.Timeout>()
  let asking = 0
  let ended = false
  let numbered = 0

  // Acknowledged, and not with Twilio yet; then Twilio's answer is on its way for a moment.
  const queued = new Set<string>()
  const onTheWay = new Set<string>()
  const decided = new Set<string>()
  simulator.on('refused', (send) => {
    if (send.refused.status >= 429) return
    queued.delete(messageIdOf(send))
    decided.add(messageIdOf(send))
  })
  simulator.on('accepted', (message) => {
    const id = messageIdOf(message)
    queued.delete(id)
    decided.add(id)
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

  const write = (random: (limit: number) => number, phone: number, greeting: string | null = null) => {
    const channel = greeting === null && random(5) === 0 ? 'sms' : 'whatsapp'
    // Of ours, and known to the server by its SID: what an agent's screen shows of it says so.
    const shown = [...(agents[0]?.view.seen.messages.values() ?? [])]
    const address = addresses[phone]
    const threads = new Set(
      [...(agents[0]?.view.seen.conversations.values() ?? [])].flatMap((row) => (row.contact.phone === address ? row.id : [])),
    )
    const quotable = shown.filter(
      (one) => one.channel === channel && one.status === 'delivered' && one.direction === 'outbound' && threads.has(one.conversationId),
    )
    const quoted = channel === 'whatsapp' && random(3) === 0 && quotable.length > 0 ? pick(random, quotable) : null
    const media = greeting === null && withMedia ? mediaOfWrite(random, channel) : []
    const from = Date.now()
    track(
      (phones[phone] as (typeof phones)[number])
        .write(greeting ?? say(random), { channel, media, ...(quoted?.twilioSid ? { quote: quoted.twilioSid } : {}) })
        .then((one) => void journal.writes.push({ ...one, phone, channel, from, to: Date.now(), quotes: quoted?.id ?? null })),
    )
  }
  const send = (random: (limit: number) => number) => {
    const agent = pick(random, agents)
    const phone = random(addresses.length)
    const to = addresses[phone] as string
    const sms = random(6) === 0
    const by = pick<Way>(random, ['http', 'socket', 'socket', 'widget', 'widget'])
    const said = say(random)
    const { open: active, closed, moved } = recordsOf(phone)
    const rows = [...agent.view.seen.conversations.values()].filter((one) => one.channel === 'whatsapp' && one.contact.phone === to)
    const [kind, record, row] = [random(withMedia ? 16 : 14), pick(random, [null, ...active, ...closed]), pick(random, rows)]
    // People wait for what they sent last; a crowd that does not would be a bench.
    if ((!sms && row === undefined) || asking >= MOST_ASKING) return
    const about = record === null ? {} : { coordinationId: record }
    const target: Pick<SendMessage, 'conversationId' | 'channel' | 'to' | 'coordinationId'> =
      sms || row === undefined || kind < 3 ? { channel: sms ? 'sms' : 'whatsapp', to, ...about } : { conversationId: row.id }
    const sendAt = new Date(Date.now() + 500 + random(5_000)).toISOString()
    const guarded = target.conversationId !== undefined && kind > 7 && kind < 10 ? (row as Conversation) : null
    // As somebody who wrote for a while and did not look.
    const since = Math.max(0, (guarded?.lastSeq ?? 0) - random(4))
    const note = kind === 3
    const template =
      kind === 10
        ? { name: TEMPLATE.name, variables: { date: `el ${1 + random(28)}/12`, time: `${1 + random(12)}pm #${++numbered}` } }
        : null
    const file = kind > 13 && !sms ? drawFile(random) : null
    const words = file === null || file.captioned ? said : ''
    const text = template === null ? words : renderTemplate(TEMPLATE.body, template.variables)
    // Messages that stay in their thread.
    const held = [...agent.view.seen.messages.values()].filter((one) => one.conversationId === target.conversationId && one.seq !== null)
    const replyToId = kind > 10 && file === null && !moved && held.length > 0 ? pick(random, held).id : null
    const body: SendMessage = {
      ...target,
      ...(note ? { note: text } : template === null ? { text } : { template }),
      ...(kind === 4 || kind === 0 ? { sendAt } : {}),
      ...(guarded === null ? {} : { ifNoAnswerSince: since }),
      ...(replyToId === null ? {} : { replyToId }),
    }
    asking++
    const askedAt = Date.now()
    const sending = async () => {
      if (file === null) return agent.send(body, by, text)
      const { text: _, ...rest } = body
      const media = [{ id: await agent.upload(file) }]
      const whole = { ...rest, media, ...(text === '' ? {} : { text }) }
      // The widget has its own way to files.
      return { ...(await agent.send(whole, by === 'widget' ? 'socket' : by, text)), file: file.hash }
    }
    track(
      sending()
        .then((one) => {
          taken.push(one)
          if (note) journal.notes.push(one)
          else if ('sendAt' in body) journal.later.push({ ...one, sendAt })
          else if (!decided.has(one.messageId)) queued.add(one.messageId)
          if (guarded !== null) journal.guarded.push({ ...one, since })
        })
        .catch((error: unknown) => {
          if (guarded !== null && error instanceof Refused && error.code === 'conflict')
            journal.collided.push({ conversationId: guarded.id, agentId: agent.id, since, from: askedAt, to: Date.now() })
          else if (error instanceof Refused && error.code === 'opted_out')
            journal.turnedAway.push({ phone, channel: sms ? 'sms' : 'whatsapp', from: askedAt, to: Date.now() })
          // Filing into a record that has a thread already leaves no other.
          else if (!(recordsOf(phone).filed && error instanceof Refused && error.code === 'not_found'))
            refused.push(
              `${String(error)} ${JSON.stringify({ ...target, sendAt: body.sendAt, rows: rows.map(({ id, window }) => [id, window]) })}`,
            )
        })
        .finally(() => asking--),
    )
  }
  if (withMedia) troubleMedia(simulator, addresses)
  for (const phone of phones.keys()) write(createRandom(seed), phone, 'hola')
  often(writesPerSecond, 1, (random) => write(random, random(phones.length)))
  often(sendsPerSecond, 2, send)
  often(3, 3, (random) => {
    const agent = pick(random, agents)
    const rows = [...agent.view.seen.conversations.values()]
    const row = rows[random(Math.max(1, rows.length))]
    if (row !== undefined && row.lastSeq > 0 && agent.view.connected()) track(agent.read(row.id, row.lastSeq).then(() => {}))
  })
  // Agents look where something just happened, and stay a while.
  const lively = (random: (limit: number) => number, agent: TortureAgent) => {
    const rows = [...agent.view.seen.conversations.values()]
    rows.sort((a, b) => ((a.activityAt ?? '') < (b.activityAt ?? '') ? 1 : -1))
    return rows.length === 0 ? undefined : pick(random, random(3) === 0 ? rows : rows.slice(0, 4))
  }
  often(0.8, 4, (random) => {
    const agent = pick(random, agents)
    const row = lively(random, agent)
    agent.view.watch(row === undefined || random(6) === 0 ? null : row.id)
  })
  often(0.6, 6, (random) => {
    const agent = agents.find(({ widget }) => widget !== null)
    const row = agent === undefined ? undefined : lively(random, agent)
    if (row !== undefined) agent?.widget?.open(row.id)
  })
  deskWork({ agents, journal, indexOf: (phone) => indexOf.get(phone ?? '') ?? -1 }).forEach(({ perSecond, act }, index) => {
    often(perSecond, 10 + index, (random) => {
      const done = act(pick(random, agents), random)
      if (done !== null) track(done)
    })
  })
  if (withMedia) {
    const optOut = createOptOuts(simulator, addresses, journal)
    often(0.5, 7, (random) => {
      const said = optOut(random)
      if (said !== null) track(said)
    })
  }
  // For a moment a client cannot be reached: Twilio refuses at once, or tells it afterwards.
  often(0.4, 5, (random) => {
    const phone = pick(random, phones)
    const [name, code] = random(2) === 0 ? (['failWith', 63024] as const) : (['refuseWith', 21211] as const)
    phone.set({ [name]: code })
    track(pause(2_000).then(() => phone.set({ [name]: null })))
  })

  return {
    taken,
    refused,
    journal,
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
