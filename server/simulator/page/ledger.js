// What Twilio accepted and refused, newest first, each with the steps it took.
import { icon, make } from './elements.js'
import { exactClock, seconds } from './times.js'
import { say } from './words.js'

const length = 120
const minuteOf = (at) => Math.floor(at / 60_000)

const shortSid = (sid) => (sid === null ? '—' : `${sid.slice(0, 2)}…${sid.slice(-4)}`)
const codeWords = (code, fallback) => say.codes[code] ?? fallback ?? ''

function describe(entry) {
  const parameters = Object.entries(entry.parameters ?? {}).map(([name, value]) => `${name}: ${value}`)
  return [textOf(entry), ...parameters].join('\n')
}

function textOf(entry) {
  if (entry.template !== null) {
    const given = Object.entries(entry.variables ?? {}).map(([name, value]) => `${name}: ${value}`)
    return `${entry.body}\n${entry.template}${given.length > 0 ? ` (${given.join('; ')})` : ''}`
  }
  return entry.segments === null || entry.segments === undefined ? entry.body : `${entry.body} (${say.segments(entry.segments)})`
}

function draw(entry, name) {
  const steps = make('div', { class: 'steps' })
  for (const { status, at } of entry.statuses) {
    const time = minuteOf(at) === minuteOf(entry.at) ? seconds(at) : exactClock(at)
    steps.append(make('span', { class: `step ${status}` }, `${status} `, make('time', { class: 'figures', text: time })))
  }
  const why = (kind, sign, text) => steps.append(make('span', { class: `why ${kind}` }, icon(sign), text))
  if (entry.refused)
    why('danger', 'alert', `${entry.refused.status} · ${entry.refused.code} ${codeWords(entry.refused.code, entry.refused.message)}`)
  if (entry.errorCode) why('danger', 'alert', `${entry.errorCode} ${codeWords(entry.errorCode, entry.errorText)}`)
  if (entry.ignored?.length > 0) why('caution', 'question', say.ignored(entry.ignored.join(', ')))
  if (entry.lost) why('caution', 'question', say[entry.lost])
  if (entry.lostCallbacks > 0) why('caution', 'question', say.lostCallback(entry.lostCallbacks))
  return make(
    'li',
    { class: 'entry' },
    make(
      'div',
      { class: 'head' },
      make('time', { class: 'figures', datetime: new Date(entry.at).toISOString(), text: exactClock(entry.at) }),
      make('b', { text: name, title: name }),
      make('span', { class: 'tag', text: entry.channel }),
      make('code', { text: shortSid(entry.sid), title: entry.sid }),
    ),
    make('p', { text: describe(entry) }),
    steps,
  )
}

/** `nameOf(entry)`: whom it was for. */
export function createLedger(list, empty, count, nameOf) {
  let shown = new Map()
  let accepted = 0
  let refused = 0
  const tell = () => {
    count.textContent = accepted + refused === 0 ? '' : say.ledgerCount(accepted, refused)
    empty.hidden = accepted + refused > 0
  }
  const put = (entry) => {
    const drawn = draw(entry, nameOf(entry))
    const known = shown.get(entry.id)
    if (known) known.replaceWith(drawn)
    else list.prepend(drawn)
    shown.set(entry.id, drawn)
    return !known
  }
  return {
    show(state) {
      shown = new Map()
      list.replaceChildren()
      for (const entry of state.ledger) put(entry)
      accepted = state.accepted
      refused = state.refused
      tell()
    },
    put(entry) {
      if (!put(entry)) return
      if (entry.refused) refused++
      else accepted++
      if (shown.size > length) {
        const oldest = shown.keys().next().value
        shown.get(oldest).remove()
        shown.delete(oldest)
      }
      tell()
    },
  }
}
