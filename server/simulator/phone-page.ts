// Serves the phone page: its files, what it asks and does under /phone/api, and its live updates.
import { readFileSync } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { cutText } from '../../shared/cut-text.ts'
import { formatPhone, parsePhone } from '../../shared/parse-phone.ts'
import type { Channel } from '../../shared/model.ts'
import { type Contents, quickReplies } from './contents.ts'
import { countSegments } from '../../shared/segments.ts'
import type { Delivery } from './deliver-message.ts'
import { bytesOf, isShot, shotOf } from './camera-roll.ts'
import { BadSwitch, type SwitchChange } from './faults.ts'
import { shownBody, takenMedia } from './fetch-sent.ts'
import { createLive, type Live } from './live.ts'
import type { RefusedSend } from './message-log.ts'
import type { SimulatorParts, Watch } from './parts.ts'
import { demoBusiness } from './people.ts'
import type { Phone } from './phones.ts'
import { errorText } from './refusals.ts'
import { answerJson, type Call, createRoutes, readBody, splitUrl } from './routes.ts'
import type { SimulatedMessage } from './simulated-message.ts'
import { writeMessage } from './write-message.ts'

const served =
  'base.css clients.css device.css switches.css ledger.css phone.js words.js icons.js elements.js shots.js chat.js ledger.js switches.js times.js'
const types: Readonly<Record<string, string>> = { css: 'text/css', js: 'text/javascript', html: 'text/html' }
/** The page's files by path; nothing else of the folder is reachable. */
const files = new Map([
  ['/phone', 'phone.html'],
  ['/phone/', 'phone.html'],
  ...served.split(' ').map((file): [string, string] => [`/phone/${file}`, file]),
])

const pageHeaders = {
  'Content-Security-Policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; media-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'self'",
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'same-origin',
  'Cache-Control': 'no-cache',
}

/** As many as the ledger column shows. */
const ledgerLength = 120

export interface PhonePage {
  handle(request: IncomingMessage, response: ServerResponse): Promise<boolean>
  close(): void
}

/** What the application sent, once Twilio has it. */
function filesOf(message: SimulatedMessage): { url: string; type: string }[] {
  if (message.direction === 'inbound' || !message.arrived) return []
  return takenMedia(message).map((_, index) => ({ url: `/phone/api/sent/${message.sid}/${index}`, type: message.mediaTypes[index] ?? '' }))
}

function buttonsOf({ contentSid, channel, variables }: SimulatedMessage, contents: Contents): { id: string; title: string }[] {
  return contentSid === null || channel !== 'whatsapp' ? [] : quickReplies(contents.find(contentSid), variables ?? {})
}

function viewMessage(message: SimulatedMessage, contents: Contents): Record<string, unknown> {
  return {
    id: message.sid,
    sid: message.sid,
    phone: message.phone,
    channel: message.channel,
    inbound: message.direction === 'inbound',
    body: shownBody(message),
    from: message.from,
    to: message.to,
    at: message.at,
    statuses: message.statuses,
    status: message.status,
    errorCode: message.errorCode,
    errorText: message.errorCode === null ? null : errorText(message.errorCode),
    lost: message.lost,
    lostCallbacks: message.lostCallbacks,
    template: message.contentSid === null ? null : (contents.find(message.contentSid)?.friendlyName ?? message.contentSid),
    variables: message.variables,
    segments: message.channel === 'sms' ? countSegments(message.body).segments : null,
    arrived: message.arrived,
    webhook: message.webhook,
    seen: message.seen,
    quote: message.quote,
    buttons: buttonsOf(message, contents),
    shots: message.shots.map((shot) => ({ shot, type: shotOf(shot).contentType })),
    files: filesOf(message),
    automatic: message.automatic,
    parameters: message.parameters,
    ignored: message.ignored,
    feedback: message.feedback?.outcome ?? null,
    refused: null,
  }
}

function viewRefused(send: RefusedSend, contents: Contents): Record<string, unknown> {
  return {
    ...send,
    sid: null,
    inbound: false,
    template: send.contentSid === null ? null : (contents.find(send.contentSid)?.friendlyName ?? send.contentSid),
    statuses: [],
  }
}

export function createPhonePage(
  parts: () => SimulatorParts & {
    delivery: Delivery
    defaultCountry: string
    timezone: string | null
    reset(): void
    passDay(phone: Phone): void
  },
): PhonePage & { watch: Watch } {
  const viewPhone = (phone: Phone) => ({
    key: phone.key,
    name: phone.name || formatPhone(phone.key),
    number: phone.key.startsWith('+') ? formatPhone(phone.key) : phone.key,
    hasNumber: phone.key.startsWith('+'),
    channels: phone.channels,
    note: phone.note,
    hue: phone.hue,
    switches: parts().faults.get(phone.key),
    optedOut: phone.optedOut.size > 0,
    typingForMs: Math.max(0, (phone.typingUntil ?? 0) - parts().clock.now()),
  })
  const ofMessage = (message: SimulatedMessage) => viewMessage(message, parts().contents)
  const ofRefused = (send: RefusedSend) => viewRefused(send, parts().contents)
  const state = () => {
    const { faults, messages, own, phones, timezone } = parts()
    const ledger: (SimulatedMessage | RefusedSend)[] = [
      ...messages.accepted().slice(-ledgerLength),
      ...messages.refused().slice(-ledgerLength),
    ]
    ledger.sort((a, b) => a.at - b.at)
    return {
      business: demoBusiness,
      timezone,
      numbers: { whatsapp: own.whatsapp && formatPhone(own.whatsapp), sms: own.sms && formatPhone(own.sms) },
      phones: phones.listed().map(viewPhone),
      faults: faults.get(),
      accepted: messages.accepted().length,
      refused: messages.refused().length,
      ledger: ledger.slice(-ledgerLength).map((one) => ('refused' in one ? ofRefused(one) : ofMessage(one))),
    }
  }
  const live: Live = createLive({ message: ofMessage, refused: ofRefused, phone: viewPhone, everything: state })

  const routes = createRoutes()
  const problem = (call: Call, status: number, title: string) => answerJson(call.response, status, { status, title })
  const readJson = (call: Call): Record<string, unknown> | null => {
    try {
      const value: unknown = JSON.parse(call.body === '' ? '{}' : call.body)
      return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : null
    } catch {
      return null
    }
  }
  const add = (method: string, path: string, act: (call: Call, input: Record<string, unknown>) => void | Promise<void>) =>
    routes.add(method, `/phone/api${path}`, (call) => {
      const input = method === 'GET' ? {} : readJson(call)
      if (input === null) return problem(call, 400, 'The body is no JSON object.')
      try {
        return act(call, input)
      } catch (error) {
        if (!(error instanceof BadSwitch)) throw error
        problem(call, 422, error.message)
      }
    })
  const text = (value: unknown) => (typeof value === 'string' ? value : '')
  const channelOf = (value: unknown): Channel => (value === 'sms' ? 'sms' : 'whatsapp')

  add('GET', '/state', (call) => answerJson(call.response, 200, state()))
  add('GET', '/events', (call) => live.attach(call.response))
  add('GET', '/ledger', (call) => {
    const { messages } = parts()
    answerJson(call.response, 200, {
      accepted: messages.accepted().map(ofMessage),
      refused: messages.refused().map(ofRefused),
    })
  })
  add('POST', '/phones', (call, input) => {
    const { defaultCountry, phones } = parts()
    const address = parsePhone(text(input.number), defaultCountry)
    if (address === null) return problem(call, 422, 'This is no phone number.')
    const phone = phones.introduce(address, cutText(text(input.name).trim(), 80), ['whatsapp', 'sms'])
    live.phone(phone)
    answerJson(call.response, 201, viewPhone(phone))
  })
  add('GET', '/phones/:address/messages', (call) =>
    answerJson(call.response, 200, { messages: (parts().phones.find(call.parts.address ?? '')?.chat ?? []).map(ofMessage) }),
  )
  add('GET', '/sent/:sid/:index', async (call) => {
    const { actualUrl, isOfApplication, messages } = parts()
    const url = messages.get(call.parts.sid ?? '')?.mediaUrls[Number(call.parts.index)]
    const range = call.request.headers.range
    const answer = url && isOfApplication(url) ? await fetch(actualUrl(url), { headers: range ? { range } : {} }).catch(() => null) : null
    if (!answer?.ok) return problem(call, 404, 'There is no such file.')
    for (const name of ['content-type', 'content-range', 'accept-ranges', 'content-disposition']) {
      const value = answer.headers.get(name)
      if (value !== null) call.response.setHeader(name, value)
    }
    call.response.statusCode = answer.status
    call.response.end(Buffer.from(await answer.arrayBuffer()))
  })
  add('POST', '/phones/:address/messages', async (call, input) => {
    const pressed = (sid: string, id: string) => {
      const message = parts().messages.get(sid)
      return message ? buttonsOf(message, parts().contents).find((one) => one.id === id) : undefined
    }
    const body = text(input.text)
    const media = Array.isArray(input.media) ? input.media.filter(isShot).slice(0, 10) : []
    if ((body === '' && media.length === 0) || body.length > 4096)
      return problem(call, 422, 'A message has 1 to 4096 characters, or media.')
    const all = parts()
    const address = call.parts.address ?? ''
    if (!/^(\+\d{5,15}|[A-Z]{2}\.[A-Za-z0-9.]+)$/.test(address)) return problem(call, 422, 'This is no address.')
    const phone = all.phones.of(address)
    const channel = channelOf(input.channel)
    // A known phone writes from the form of the number that it has on this channel.
    const from = phone.listed ? phone.addresses[channel] : address
    const quote = text(input.quote)
    const button = quote === '' ? undefined : pressed(quote, text(input.button))
    const profileName = text(input.profileName)
    const written = await writeMessage(all, phone, from, button?.title ?? body, {
      channel,
      media,
      ...(button === undefined ? {} : { button }),
      ...(quote === '' ? {} : { quote }),
      ...(profileName === '' ? {} : { profileName }),
    })
    answerJson(call.response, 201, written)
  })
  add('POST', '/phones/:address/read', (call, input) => {
    const phone = parts().phones.find(call.parts.address ?? '')
    if (phone !== null) parts().delivery.read(phone, channelOf(input.channel))
    call.response.writeHead(204).end()
  })
  add('POST', '/phones/:address/day', (call) => {
    const phone = parts().phones.find(call.parts.address ?? '')
    if (phone === null) return problem(call, 404, 'Nobody has this number.')
    parts().passDay(phone)
    call.response.writeHead(204).end()
  })
  add('PATCH', '/phones/:address', (call, input) => {
    const { faults, phones } = parts()
    const phone = phones.of(call.parts.address ?? '')
    faults.set(input as SwitchChange, phone.key)
    live.phone(phone)
    answerJson(call.response, 200, viewPhone(phone))
  })
  add('GET', '/roll/:shot', (call) => {
    const { shot } = call.parts
    if (!isShot(shot)) return problem(call, 404, 'There is nothing here.')
    call.response.writeHead(200, { ...pageHeaders, 'Content-Type': shotOf(shot).contentType }).end(bytesOf(shot))
  })
  add('GET', '/faults', (call) => answerJson(call.response, 200, parts().faults.get()))
  add('PATCH', '/faults', (call, input) => {
    parts().faults.set(input as SwitchChange)
    live.everything()
    answerJson(call.response, 200, parts().faults.get())
  })
  add('POST', '/reset', (call) => {
    parts().reset()
    call.response.writeHead(204).end()
  })

  const cache = new Map<string, Buffer>()
  const serveFile = (path: string, response: ServerResponse): boolean => {
    const file = files.get(path)
    if (file === undefined) return false
    const content = cache.get(file) ?? readFileSync(new URL(`page/${file}`, import.meta.url))
    cache.set(file, content)
    response.writeHead(200, {
      ...pageHeaders,
      'Content-Type': `${types[file.split('.')[1] ?? '']}; charset=utf-8`,
      'Content-Length': content.length,
    })
    response.end(content)
    return true
  }

  return {
    watch: live,
    close: live.close,
    async handle(request, response) {
      const { path, query } = splitUrl(request)
      if (path !== '/phone' && !path.startsWith('/phone/')) return false
      const method = request.method ?? 'GET'
      if ((method === 'GET' || method === 'HEAD') && serveFile(path, response)) return true
      const route = routes.find(method, path)
      const call: Call = { request, response, path, query, parts: route?.parts ?? {}, body: '' }
      if (route === null) {
        problem(call, 404, 'There is nothing here.')
        return true
      }
      if (method !== 'GET') {
        // A page of another origin must not write in a client's name, even to a server on the visitor's own computer.
        const { origin } = request.headers
        const json = /^application\/json\b/.test(request.headers['content-type'] ?? '')
        if (!json || (origin !== undefined && URL.parse(origin)?.host !== request.headers.host)) {
          problem(call, 403, 'Only the phone page itself may do this.')
          return true
        }
        const body = await readBody(request, 64 * 1024)
        if (body === null) {
          problem(call, 413, 'The body is too large.')
          return true
        }
        call.body = body
      }
      await route.handler(call)
      return true
    },
  }
}
