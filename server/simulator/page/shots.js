// What the phone has to send: chosen in a row above the text, shown in the bubbles.
import { icon, make } from './elements.js'
import { say } from './words.js'

const choices = ['photo', 'cake', 'sticker', 'voice', 'video', 'document', 'contacts']
const icons = { voice: 'voice', video: 'film', document: 'file', contacts: 'card' }
const address = (shot) => `/phone/api/roll/${shot}`

/** `send(shots)` is called with what was chosen. */
export function createRoll(row, button, send) {
  const close = () => {
    row.hidden = true
    button.setAttribute('aria-expanded', 'false')
  }
  const choose = (shots) => () => {
    close()
    button.focus()
    send(shots)
  }
  const choice = (look, word, shots) =>
    make('button', { type: 'button', class: 'shot', onclick: choose(shots) }, look, make('span', { text: word }))
  const picture = (shot) => make('img', { src: address(shot), alt: '', loading: 'lazy' })
  row.append(
    ...choices.map((shot) => choice(icons[shot] ? icon(icons[shot]) : picture(shot), say.shots[shot], [shot])),
    choice(make('span', { class: 'pair' }, picture('photo'), picture('cake')), say.shots.both, ['photo', 'cake']),
  )
  button.addEventListener('click', () => {
    row.hidden = !row.hidden
    button.setAttribute('aria-expanded', String(!row.hidden))
    if (!row.hidden) row.querySelector('button').focus()
  })
  row.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape') return
    close()
    button.focus()
  })
  return { close }
}

/** In a bubble: one of the phone's own. */
export const showShot = ({ shot, type }) => show(shot, type, address(shot))

const shotOf = (type) =>
  type.startsWith('audio/') ? 'voice' : type.startsWith('video/') ? 'video' : type === 'text/vcard' ? 'contacts' : 'document'

/** In a bubble: what the business sent. */
export const showFile = ({ url, type }) =>
  show(type === 'image/webp' ? 'sticker' : type.startsWith('image/') ? 'photo' : shotOf(type), type, url)

function show(shot, type, src) {
  if (type.startsWith('image/')) return make('img', { class: shot === 'sticker' ? 'sticker' : 'picture', src, alt: say.shots[shot] })
  if (type.startsWith('audio/')) return make('audio', { controls: true, preload: 'none', src })
  if (type.startsWith('video/')) return make('video', { class: 'picture', controls: true, preload: 'metadata', src })
  return make('a', { class: 'kept', href: src, target: '_blank' }, icon(icons[shot]), make('span', { text: say.shots[shot] }))
}
