// The phone page: choose a client, read and write on their phone, switch faults, watch what Twilio was given.
import { createChat } from './chat.js'
import { avatar, icon, make } from './elements.js'
import { createLedger } from './ledger.js'
import { createRoll } from './shots.js'
import { createSwitches, phoneSwitches, templateSwitches, twilioSwitches } from './switches.js'
import { setTimeZone } from './times.js'
import { locale, say } from './words.js'

const at = (id) => document.getElementById(id)
const kept = (name, value) => {
  // Storage may be forbidden; then the page starts at its first client.
  try {
    if (value === undefined) return sessionStorage.getItem(name)
    sessionStorage.setItem(name, value)
  } catch {}
  return null
}

let state = null
let selected = kept('phone') ?? ''
let channel = kept('channel') === 'sms' ? 'sms' : 'whatsapp'
let quoting = null
/** The channel that each phone was last seen on. */
const lastChannel = new Map()
/** Arrived on a phone whose chat was not open: by phone and channel. */
const unread = new Map()
const arrived = new Set()
/** By phone, until when our side's typing is shown there. */
const typingEnds = new Map()
let typingTimer
const phones = () => state?.phones ?? []
const current = () => phones().find((phone) => phone.key === selected)

async function ask(method, path, body) {
  const response = await fetch(`/phone/api${path}`, {
    method,
    ...(method === 'GET' ? {} : { headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body ?? {}) }),
  })
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status}`)
  return response.status === 204 ? null : response.json()
}
const phonePath = (key, rest = '') => `/phones/${encodeURIComponent(key)}${rest}`

// ---- words ---------------------------------------------------------------------------------------------------------------
document.documentElement.lang = locale
document.title = `${say.title} · Hilo`
for (const element of document.querySelectorAll('[data-word]')) element.textContent = say[element.dataset.word]
for (const element of document.querySelectorAll('[data-label]')) {
  element.setAttribute('aria-label', say[element.dataset.label])
  if (element.matches('button')) element.title = say[element.dataset.label]
}
for (const element of document.querySelectorAll('i[data-icon]')) element.replaceWith(icon(element.dataset.icon))

const chat = createChat(
  at('bubbles'),
  at('chat'),
  (message) => quote(message),
  (message, button) =>
    ask('POST', phonePath(selected, '/messages'), { text: button.title, channel, quote: message.sid, button: button.id }),
)
const ledger = createLedger(
  at('ledger'),
  at('ledger-empty'),
  at('ledger-count'),
  (entry) => phones().find((phone) => phone.key === entry.phone)?.name ?? entry.to,
)

// ---- clients -------------------------------------------------------------------------------------------------------------
const unreadOf = (key) => ['whatsapp', 'sms'].reduce((sum, one) => sum + (unread.get(`${key}|${one}`) ?? 0), 0)

function drawClients() {
  const focused = document.activeElement?.dataset?.phone
  at('clients-count').textContent = String(phones().length)
  at('clients').replaceChildren(
    ...phones().map((phone) => {
      const count = unreadOf(phone.key)
      const number = phone.hasNumber
        ? phone.number === phone.name
          ? null
          : phone.number
        : `${say.no_number} (${phone.number.slice(0, 7)}…)`
      const note =
        phone.note === 'two_records' || phone.note === 'sms_only'
          ? say[phone.note]
          : phone.switches.notOnWhatsApp
            ? say.not_on_whatsapp
            : null
      return make(
        'li',
        {},
        make(
          'button',
          {
            type: 'button',
            class: `client${count > 0 ? ' unread' : ''}`,
            'aria-pressed': String(phone.key === selected),
            'data-phone': phone.key,
            onclick: () => select(phone.key),
          },
          avatar(phone.name, phone.hue),
          make(
            'span',
            { class: 'grow' },
            make('b', { text: phone.name }),
            number ? make('small', { class: 'figures', text: number }) : null,
            note ? make('small', { class: 'note', text: note }) : null,
          ),
          count > 0
            ? make(
                'span',
                { class: 'count figures' },
                make('span', { 'aria-hidden': 'true', text: count > 99 ? '99+' : String(count) }),
                make('span', { class: 'sr', text: say.unread(count) }),
              )
            : null,
        ),
      )
    }),
  )
  if (focused) document.querySelector(`[data-phone="${CSS.escape(focused)}"]`)?.focus()
}

async function select(key, nextChannel) {
  selected = key
  const phone = current()
  channel = nextChannel ?? lastChannel.get(key) ?? (phone && !canUse(phone, 'whatsapp') ? 'sms' : 'whatsapp')
  lastChannel.set(key, channel)
  kept('phone', selected)
  kept('channel', channel)
  quote(null)
  drawPhone()
  await loadChat()
}
const canUse = (phone, one) => (one === 'whatsapp' ? !phone.switches.notOnWhatsApp : phone.hasNumber && phone.channels.includes('sms'))

async function loadChat() {
  const [key, one] = [selected, channel]
  const { messages } = await ask('GET', phonePath(key, '/messages'))
  if (key !== selected || one !== channel) return
  for (const message of messages) arrived.add(message.id)
  chat.show(
    messages.filter((message) => message.channel === channel),
    say.empty(firstName()),
  )
  look()
}
const firstName = () => {
  const name = current()?.name ?? ''
  return name.startsWith('+') ? name : name.split(' ')[0]
}

/** The client sees this chat: what arrived in it is read. */
function look() {
  if (document.visibilityState !== 'visible' || current()?.switches.phoneOff) return
  if (unread.delete(`${selected}|${channel}`)) drawClients()
  drawTabs()
  if (!chat.unread()) return
  chat.markRead()
  ask('POST', phonePath(selected, '/read'), { channel }).catch(() => {})
}
document.addEventListener('visibilitychange', look)

// ---- the phone -----------------------------------------------------------------------------------------------------------
const tabs = [...document.querySelectorAll('[role="tab"]')]

function drawTabs() {
  for (const tab of tabs) {
    const active = tab.dataset.channel === channel
    tab.setAttribute('aria-selected', String(active))
    tab.tabIndex = active ? 0 : -1
    tab.querySelector('.dot').hidden = !unread.has(`${selected}|${tab.dataset.channel}`)
  }
  at('chat').setAttribute('aria-labelledby', `tab-${channel}`)
}
for (const tab of tabs) {
  tab.addEventListener('click', () => select(selected, tab.dataset.channel))
  tab.addEventListener('keydown', (event) => {
    if (event.key !== 'ArrowLeft' && event.key !== 'ArrowRight') return
    const other = tabs.find((one) => one !== tab)
    other.focus()
    select(selected, other.dataset.channel)
  })
}

function drawPhone() {
  const phone = current()
  if (!phone) return
  drawClients()
  drawTabs()
  at('business').textContent = state.business
  drawNumber()
  at('business-avatar').replaceWith(Object.assign(avatar(state.business, 340), { id: 'business-avatar' }))
  at('phone-name').textContent = say.phoneOf(phone.name)
  at('bubbles').setAttribute('aria-label', say.chatWith(channel === 'sms' ? 'SMS' : 'WhatsApp'))
  const usable = canUse(phone, channel)
  at('text').placeholder = usable ? say.write(firstName()) : say.noChannel[channel]
  at('text').disabled = !usable
  at('attach').disabled = !usable
  if (!usable) roll.close()
  at('composer').querySelector('.send').disabled = !usable
  at('asleep').hidden = !phone.switches.phoneOff
  for (const part of [at('chat'), at('composer'), document.querySelector('.device-head')]) part.inert = phone.switches.phoneOff
  drawSwitches()
}

/** As WhatsApp has it: "typing…" stands in the number's place. */
function drawNumber() {
  const phone = current()
  const leftMs = channel === 'whatsapp' ? (typingEnds.get(phone?.key) ?? 0) - performance.now() : 0
  at('business-number').textContent = leftMs > 0 ? say.typing : (state.numbers[channel] ?? '')
  at('business-number').classList.toggle('typing', leftMs > 0)
  clearTimeout(typingTimer)
  if (leftMs > 0) typingTimer = setTimeout(drawNumber, leftMs + 1)
}

function takeTyping(phone) {
  typingEnds.set(phone.key, performance.now() + phone.typingForMs)
}

function quote(message) {
  quoting = message
  at('quoting').hidden = message === null
  if (message === null) return
  at('quoting-text').textContent = message.body
  at('text').focus()
}
at('unquote').addEventListener('click', () => {
  quote(null)
  at('text').focus()
})

const send = async (media = []) => {
  const text = at('text').value.trim()
  if ((text === '' && media.length === 0) || !current()) return
  const quoted = quoting?.sid
  at('text').value = ''
  quote(null)
  try {
    await ask('POST', phonePath(selected, '/messages'), { text, channel, media, ...(quoted ? { quote: quoted } : {}) })
  } catch {
    // The text is not lost when the simulator is away.
    if (at('text').value === '') at('text').value = text
  }
}
const roll = createRoll(at('roll'), at('attach'), send)
at('composer').addEventListener('submit', (event) => {
  event.preventDefault()
  send()
})
at('text').addEventListener('keydown', (event) => {
  if (event.key === 'Enter' && !event.shiftKey && !event.isComposing) {
    event.preventDefault()
    send()
  }
  if (event.key === 'Escape') quote(null)
})
at('wake').addEventListener('click', () => {
  ask('PATCH', phonePath(selected), { phoneOff: false })
  at('text').focus()
})

// ---- switches ------------------------------------------------------------------------------------------------------------
const ofPhone = createSwitches(at('phone-switches'), phoneSwitches, (change) => ask('PATCH', phonePath(selected), change))
const passDay = make('button', {
  type: 'button',
  class: 'button',
  text: say.passDay,
  title: say.passDayHint,
  onclick: async () => {
    await ask('POST', phonePath(selected, '/day'))
    at('spoken').textContent = say.dayPassed(firstName())
  },
})
at('phone-switches').append(make('p', { class: 'act' }, passDay))
const ofTwilio = createSwitches(at('twilio-switches'), twilioSwitches, (change) => ask('PATCH', '/faults', change))
const ofTemplates = createSwitches(at('template-switches'), templateSwitches, (change) => ask('PATCH', '/faults', change))

/** One of the two at a time: all of what is shown stays in sight. */
function flip(to, from) {
  at(`${to}-switches`).hidden = false
  at(`${from}-switches`).hidden = true
  at(`show-${from === 'twilio' ? 'twilio' : 'templates'}`).focus()
}
at('show-templates').addEventListener('click', () => flip('template', 'twilio'))
at('show-twilio').addEventListener('click', () => flip('twilio', 'template'))

function drawSwitches() {
  ofPhone.show(current()?.switches ?? {})
  passDay.disabled = !current() || !canUse(current(), 'whatsapp')
  ofTwilio.show(state.faults)
  ofTemplates.show(state.faults)
}

// ---- another number, starting over -----------------------------------------------------------------------------------------
at('newcomer').addEventListener('submit', async (event) => {
  event.preventDefault()
  const field = at('newcomer-number')
  if (field.value.trim() === '') return field.focus()
  try {
    const phone = await ask('POST', '/phones', { number: field.value })
    at('newcomer-fault').textContent = ''
    field.value = ''
    if (!phones().some((one) => one.key === phone.key)) state.phones.push(phone)
    await select(phone.key)
    document.querySelector(`[data-phone="${CSS.escape(phone.key)}"]`)?.scrollIntoView({ block: 'nearest', inline: 'nearest' })
    at('text').focus()
  } catch {
    at('newcomer-fault').textContent = say.newcomerFault
  }
})
at('newcomer-number').addEventListener('input', () => {
  at('newcomer-fault').textContent = ''
})
at('reset').addEventListener('click', async () => {
  await ask('POST', '/reset')
  at('spoken').textContent = say.resetDone
})

// ---- live ----------------------------------------------------------------------------------------------------------------
function takeState(next) {
  state = next
  setTimeZone(state.timezone)
  for (const phone of phones()) takeTyping(phone)
  if (!current()) selected = phones()[0]?.key ?? ''
  ledger.show(state)
  drawPhone()
}

function takeMessage(message) {
  if (!message.inbound && !message.automatic) ledger.put(message)
  const onScreen = message.inbound || message.arrived
  if (!onScreen) return
  const isNew = !arrived.has(message.id)
  arrived.add(message.id)
  if (message.phone === selected && message.channel === channel) chat.put(message)
  else if (isNew && !message.inbound) {
    const key = `${message.phone}|${message.channel}`
    unread.set(key, (unread.get(key) ?? 0) + 1)
    drawClients()
    drawTabs()
  }
}

const events = new EventSource('/phone/api/events')
events.addEventListener('open', async () => {
  at('offline').hidden = true
  takeState(await ask('GET', '/state'))
  await loadChat()
})
events.addEventListener('error', () => {
  at('offline').hidden = false
})
events.addEventListener('change', (event) => {
  if (state === null) return
  const change = JSON.parse(event.data)
  if (change.everything) {
    const forgotten = change.everything.accepted + change.everything.refused === 0
    takeState(change.everything)
    if (forgotten) {
      unread.clear()
      arrived.clear()
      select(selected)
    }
  }
  for (const phone of change.phones) {
    takeTyping(phone)
    const index = phones().findIndex((one) => one.key === phone.key)
    if (index === -1) state.phones.push(phone)
    else state.phones[index] = phone
  }
  for (const message of change.messages) takeMessage(message)
  if (change.phones.length > 0) drawPhone()
  look()
})
