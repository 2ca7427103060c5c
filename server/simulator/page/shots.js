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

/** In a bubble. */
export function showShot({ shot, type }) {
  if (type.startsWith('image/'))
    return make('img', { class: shot === 'sticker' ? 'sticker' : 'picture', src: address(shot), alt: say.shots[shot] })
  if (type.startsWith('audio/')) return make('audio', { controls: true, preload: 'none', src: address(shot) })
  if (type.startsWith('video/')) return make('video', { class: 'picture', controls: true, preload: 'metadata', src: address(shot) })
  return make('p', { class: 'kept' }, icon(icons[shot]), make('span', { text: say.shots[shot] }))
}
