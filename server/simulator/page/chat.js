// The phone's screen: one chat, bubbles with the ticks that the client's phone shows.
import { icon, make } from './elements.js'
import { showFile, showShot } from './shots.js'
import { clock, dayOf, dayWords } from './times.js'
import { say } from './words.js'

/** What became of a message that the client wrote. */
function tickOf(message) {
  if (message.seen) return icon('ticks', say.seen, 'read')
  if (message.webhook === 'accepted') return message.channel === 'whatsapp' ? icon('ticks', say.delivered) : null
  if (message.webhook === 'pending') return icon('tick', say.sent)
  return icon(message.webhook === 'lost' ? 'question' : 'alert', null, message.webhook === 'lost' ? 'caution' : 'danger')
}

const troubleOf = (message) =>
  message.inbound ? ({ refused: say.refusedByApp, unreachable: say.unreachable, lost: say.lostInbound }[message.webhook] ?? null) : null

function bubble(message, quoted, onQuote, onPress) {
  const trouble = troubleOf(message)
  const box = make(
    'div',
    { class: `bubble${trouble === null ? '' : message.webhook === 'lost' ? ' unsure' : ' trouble'}` },
    quoted ? make('p', { class: 'quoted', text: quoted.body || say.shots[quoted.shots?.[0]?.shot] || '' }) : null,
    ...(message.shots ?? []).map(showShot),
    ...(message.files ?? []).map(showFile),
    message.body === '' && (message.shots?.length > 0 || message.files?.length > 0) ? null : make('p', { text: message.body }),
    make(
      'span',
      { class: 'meta' },
      make('time', { datetime: new Date(message.at).toISOString(), text: clock(message.at) }),
      message.inbound ? tickOf(message) : null,
    ),
  )
  const canQuote = message.channel === 'whatsapp' && !message.automatic
  const quote = canQuote
    ? make('button', { type: 'button', class: 'icon-button small quote', 'aria-label': say.reply, onclick: onQuote }, icon('reply'))
    : null
  const line = make('div', { class: 'line' }, ...(message.inbound ? [quote, box] : [box, quote]))
  const replies = message.buttons ?? []
  const whole = make(
    'div',
    { 'data-id': message.id },
    line,
    replies.length === 0
      ? null
      : make(
          'p',
          { class: 'replies' },
          ...replies.map((one) => make('button', { type: 'button', class: 'reply', text: one.title, onclick: () => onPress(one) })),
        ),
    trouble === null ? null : make('p', { class: `fault ${message.webhook === 'lost' ? 'caution' : 'danger'}`, text: trouble }),
  )
  line.classList.toggle('mine', message.inbound)
  return whole
}

/** `place` is scrolled by `scroller`; `quote(message)` is called when the client wants to answer one, `press(message, button)` when he presses. */
export function createChat(place, scroller, quote, press) {
  let shown = new Map()
  let order = []
  const atEnd = () => scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < 40
  const toEnd = () => {
    scroller.scrollTop = scroller.scrollHeight
  }
  // The composer grows and shrinks; whoever read the newest message goes on seeing it.
  let stuck = true
  scroller.addEventListener('scroll', () => {
    stuck = atEnd()
  })
  new ResizeObserver(() => stuck && toEnd()).observe(scroller)
  const put = (message) => {
    const previous = order.at(-1)
    const drawn = bubble(
      message,
      message.quote ? shown.get(message.quote)?.message : null,
      () => quote(message),
      (button) => press(message, button),
    )
    const known = shown.get(message.id)
    if (known) {
      drawn.firstChild.classList.toggle('next', known.element.firstChild.classList.contains('next'))
      // Focus stays where it is when only a tick changes.
      if (!known.element.contains(document.activeElement)) {
        known.element.replaceWith(drawn)
        known.element = drawn
      }
      known.message = message
      return
    }
    if (previous === undefined || dayOf(previous.at) !== dayOf(message.at))
      place.append(make('p', { class: 'day', text: dayWords(message.at) }))
    else if (previous.inbound === message.inbound) drawn.firstChild.classList.add('next')
    place.append(drawn)
    shown.set(message.id, { message, element: drawn })
    order.push(message)
  }
  return {
    /** Another chat. */
    show(messages, emptyText) {
      shown = new Map()
      order = []
      place.replaceChildren()
      if (messages.length === 0) place.append(make('p', { class: 'nothing', text: emptyText }))
      for (const message of messages) put(message)
      toEnd()
    },
    /** One message more, or one that changed. */
    put(message) {
      const stay = !atEnd() && !message.inbound
      if (order.length === 0) place.replaceChildren()
      const isNew = !shown.has(message.id)
      put(message)
      if (isNew && !stay) toEnd()
    },
    unread: () =>
      order.filter((message) => !message.inbound && message.channel === 'whatsapp' && message.status === 'delivered').length > 0,
    markRead() {
      for (const message of order) if (!message.inbound && message.status === 'delivered') message.status = 'read'
    },
  }
}
