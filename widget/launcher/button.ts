// The floating button: a sign read from the corner of the eye. Drawn anew only when what it says changes.
import type { Locale } from '../client/panel.ts'
import { count, labels } from './labels.ts'
import { icon } from './surface.ts'

export const paths = {
  hilo: [
    'M4.5 3.25h11a2 2 0 0 1 2 2v7.25a2 2 0 0 1-2 2H9.4l-3.3 2.6a.5.5 0 0 1-.8-.4v-2.2h-.8a2 2 0 0 1-2-2V5.25a2 2 0 0 1 2-2Z',
    'M6 9c1.33-2 2.67-2 4 0s2.67 2 4 0',
  ],
  down: ['m5.5 8 4.5 4.5L14.5 8'],
  waiting: [
    'M5.75 3.25h8.5M5.75 16.75h8.5M6.9 3.25v2.4c0 2 3.1 2.9 3.1 4.35s-3.1 2.35-3.1 4.35v2.4M13.1 3.25v2.4c0 2-3.1 2.9-3.1 4.35s3.1 2.35 3.1 4.35v2.4',
  ],
  offline: ['m3.25 3.25 13.5 13.5M10 15.4v.1M6.9 12.5a4.4 4.4 0 0 1 3.3-1.25M4 9.4a8.4 8.4 0 0 1 3.3-2.1M10.7 6.6a8.4 8.4 0 0 1 5.3 2.8'],
}

export interface ButtonState {
  locale: Locale
  hidden: boolean
  open: boolean
  offline: boolean
  unread: number
  waiting: number
}

export interface LauncherButton {
  element: HTMLButtonElement
  show(state: ButtonState): void
}

function label({ locale, open, offline, unread, waiting }: ButtonState): string {
  const words = labels[locale]
  if (offline && !open) return words.offline(unread)
  const verb = open ? words.close : words.open
  if (unread > 0) return `${verb}, ${words.unread(unread)}`
  // What it shows it also says, open or not.
  return waiting > 0 && !offline ? `${verb}, ${words.waiting(waiting)}` : verb
}

export function createButton(onPress: () => void, onNear: () => void): LauncherButton {
  const element = document.createElement('button')
  element.type = 'button'
  element.className = 'launcher'
  element.setAttribute('part', 'launcher')
  element.setAttribute('aria-haspopup', 'dialog')
  element.translate = false
  element.hidden = true
  element.addEventListener('click', onPress)
  // A hand that comes near will press: what the first press needs is fetched by then.
  element.addEventListener('pointerenter', onNear)
  element.addEventListener('focus', onNear)
  let shown = ''

  function draw(state: ButtonState): void {
    const { open, offline, unread, waiting } = state
    const kind = offline ? 'offline' : unread > 0 ? 'unread' : waiting > 0 ? 'waiting' : 'rest'
    const number = unread > 0 ? unread : kind === 'waiting' ? waiting : 0
    element.dataset.state = kind
    element.setAttribute('aria-expanded', String(open))
    element.setAttribute('aria-label', label(state))
    if (number > 0) element.dataset.n = count(number)
    else delete element.dataset.n

    const sign = offline ? paths.offline : open && number === 0 ? paths.down : paths.hilo
    const parts: (Node | string)[] = [icon(...sign)]
    if (kind === 'waiting') {
      const wait = document.createElement('span')
      wait.className = 'wait'
      wait.append(icon(...paths.waiting), count(waiting))
      parts.push(wait)
    } else if (number > 0) parts.push(count(number))
    element.replaceChildren(...parts)
  }

  return {
    element,
    show(state) {
      element.hidden = state.hidden
      const key = JSON.stringify(state)
      if (key !== shown) draw(state)
      shown = key
    },
  }
}
