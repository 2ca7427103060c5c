// Making elements: text is always set as text, never as markup.
import { drawIcon } from './icons.js'

/** `make('b', { class: 'x', text: 'y' }, child…)`; null children are left out. */
export function make(tag, properties = {}, ...children) {
  const element = document.createElement(tag)
  for (const [name, value] of Object.entries(properties)) {
    if (value === null || value === undefined || value === false) continue
    if (name === 'text') element.textContent = value
    else if (name === 'class') element.className = value
    else if (name.startsWith('on')) element.addEventListener(name.slice(2), value)
    else element.setAttribute(name, value === true ? '' : value)
  }
  element.append(...children.filter((child) => child !== null))
  return element
}

/** An icon; with `meaning` it also says it to who cannot see it. */
export function icon(name, meaning = null, className = '') {
  const place = make('i', { class: className, title: meaning })
  drawIcon(place, name)
  if (meaning !== null) place.append(make('span', { class: 'sr', text: meaning }))
  return place
}

export function avatar(name, hue) {
  const parts = name.split(/\s+/).filter(Boolean)
  const letters = name.startsWith('+') ? '#' : (parts.length > 1 ? parts[0][0] + parts.at(-1)[0] : name.slice(0, 2)).toUpperCase()
  const element = make('span', { class: 'avatar', 'aria-hidden': 'true', text: letters })
  element.style.setProperty('--hue', String(hue))
  return element
}
