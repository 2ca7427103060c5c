// The way of an accepted message: sent, delivered, read or failed, and the status callback of each step.
import { maxDelayMs } from './faults.ts'
import { fetchSent } from './fetch-sent.ts'
import type { SimulatorParts } from './parts.ts'
import type { Phone } from './phones.ts'
import type { SimulatedMessage, StatusCallback, TwilioStatus } from './simulated-message.ts'
import { statusFields } from './webhook-fields.ts'

export interface Delivery {
  /** Starts the way of a message that was just accepted. */
  start(message: SimulatedMessage, plan: { sendAt: number | null; validitySeconds: number }): void
  /** False: only what is scheduled can be canceled. */
  cancel(message: SimulatedMessage): boolean
  /** The client looks at this chat: what arrived there is read. */
  read(phone: Phone, channel: SimulatedMessage['channel']): void
  /** Delivers what waited for phones that are on now. */
  release(): void
  /** Messages whose media are asked for at this moment. */
  fetching(): number
  clear(): void
}

const dayMs = 24 * 60 * 60_000

export function createDelivery(parts: SimulatorParts): Delivery {
  const { clock, faults, phones, poster, scheduler, timing, watch } = parts
  /** Callbacks of one message go out one after the other. */
  const callbacks = new Map<string, Promise<unknown>>()
  let fetching = 0

  const callBack = (message: SimulatedMessage, status: TwilioStatus, at: number) => {
    const url = message.statusCallback
    if (url === null) return
    const callback: StatusCallback = { status, at, end: 'pending', endedAt: null }
    message.callbacks.push(callback)
    if (faults.happens('lostCallbacks', message.phone)) {
      message.lostCallbacks++
      callback.end = 'lost'
      return
    }
    const fields = statusFields(message, status, at, parts.accountSid)
    const post = async () => {
      const { status } = await poster.post(url, parts.actualUrl(url), fields)
      const taken = status !== null && status < 300
      if (!taken) message.lostCallbacks++
      // Of two copies, the first one that was taken counts.
      if (callback.end === 'accepted') return
      callback.end = taken ? 'accepted' : 'refused'
      callback.endedAt = clock.now()
    }
    const twice = faults.happens('duplicateCallbacks', message.phone)
    if (faults.happens('delayedCallbacks', message.phone)) {
      for (let copy = 0; copy < (twice ? 2 : 1); copy++) scheduler.after(Math.floor(parts.random() * maxDelayMs), () => void post())
      return
    }
    let tail = (callbacks.get(message.sid) ?? Promise.resolve()).then(post)
    if (twice) tail = tail.then(post)
    callbacks.set(message.sid, tail)
    void tail.then(() => {
      if (callbacks.get(message.sid) === tail) callbacks.delete(message.sid)
    })
  }

  const step = (message: SimulatedMessage, status: TwilioStatus, errorCode: number | null = null) => {
    const at = clock.now()
    message.status = status
    message.errorCode = errorCode
    message.updatedAt = at
    message.statuses.push({ status, at })
    callBack(message, status, at)
    watch.message(message)
  }

  /** Why it will not arrive, or null. */
  const fate = (message: SimulatedMessage, phone: Phone): { status: 'failed' | 'undelivered'; code: number } | null => {
    const switches = faults.get(phone.key)
    if (switches.failWith !== null) return { status: 'undelivered', code: switches.failWith }
    if (message.channel === 'sms') {
      if (!phone.channels.includes('sms')) return { status: 'undelivered', code: 30006 }
      return switches.blocked ? { status: 'undelivered', code: 30004 } : null
    }
    if (switches.notOnWhatsApp) return { status: 'failed', code: 63003 }
    if (switches.blocked) return { status: 'undelivered', code: 63024 }
    const lastInboundAt = phone.lastInboundAt.get(`whatsapp|${message.from}`)
    const open = lastInboundAt === undefined ? parts.trustUnknownWindows : clock.now() < lastInboundAt + dayMs
    const code = message.contentSid === null ? (open ? null : 63016) : parts.contents.fate(message.contentSid, open)
    return code === null ? null : { status: 'failed', code }
  }

  const deliver = (message: SimulatedMessage) => {
    const phone = phones.of(message.to)
    if (message.status !== 'sent') return
    if (faults.get(phone.key).phoneOff) {
      phone.waiting.push(message)
      return
    }
    message.arrived = true
    const isNew = phones.show(phone, message)
    const wasTyping = message.channel === 'whatsapp' && phone.typingUntil !== null
    if (wasTyping) phone.typingUntil = null
    if (isNew || wasTyping) watch.phone(phone)
    step(message, 'delivered')
    const { readAfterMs } = faults.get(phone.key)
    if (message.channel === 'whatsapp' && readAfterMs !== null) scheduler.after(readAfterMs, () => readOne(message))
  }
  const readOne = (message: SimulatedMessage) => {
    if (message.status === 'delivered' && message.channel === 'whatsapp') step(message, 'read')
  }
  const send = (message: SimulatedMessage, validUntil: number) => {
    if (message.status === 'canceled' || message.deleted) return
    message.from ??= parts.own[message.channel]
    if (clock.now() > validUntil) return step(message, 'failed', 30036)
    const end = fate(message, phones.of(message.to))
    if (end !== null) return step(message, end.status, end.code)
    if (message.mediaUrls.length === 0) leave(message)
    else void passOn(message)
  }
  const passOn = async (message: SimulatedMessage) => {
    fetching++
    const fetched = await fetchSent(parts, message).finally(() => fetching--)
    if (typeof fetched === 'number') return step(message, 'failed', fetched)
    message.mediaTypes = fetched.map(({ type }) => type)
    message.mediaHashes = fetched.map(({ hash }) => hash)
    leave(message)
  }
  const leave = (message: SimulatedMessage) => {
    message.sentAt = clock.now()
    step(message, 'sent')
    scheduler.after(timing.deliveredAfterMs, () => deliver(message))
  }

  return {
    start(message, { sendAt, validitySeconds }) {
      const validUntil = (sendAt ?? clock.now()) + validitySeconds * 1000
      scheduler.after(sendAt === null ? timing.sentAfterMs : Math.max(0, sendAt - clock.now()), () => send(message, validUntil))
    },
    cancel(message) {
      if (message.status !== 'scheduled') return false
      step(message, 'canceled')
      return true
    },
    read(phone, channel) {
      if (faults.get(phone.key).phoneOff) return
      for (const message of phone.chat) if (message.channel === channel && message.direction !== 'inbound') readOne(message)
    },
    release() {
      for (const phone of phones.all()) {
        if (phone.waiting.length === 0 || faults.get(phone.key).phoneOff) continue
        for (const message of phone.waiting.splice(0)) deliver(message)
      }
    },
    fetching: () => fetching,
    clear: () => callbacks.clear(),
  }
}
