// The page's icons: 20 × 20, 1.5 px stroke, drawn for Hilo.
const shapes = {
  retry: 'M16.2 11.2a6.3 6.3 0 1 1-1.4-5.3l1.6 1.7M16.6 4.2v3.6H13',
  send: 'M10 16.25V4M4.75 9.25 10 4l5.25 5.25',
  plus: 'M10 4.25v11.5M4.25 10h11.5',
  close: 'm5 5 10 10M15 5 5 15',
  clip: 'm15.6 9.6-5.7 5.7a3.6 3.6 0 0 1-5.1-5.1l6.2-6.2a2.4 2.4 0 0 1 3.4 3.4l-6.2 6.2a1.2 1.2 0 0 1-1.7-1.7l5.7-5.7',
  file: 'M5.75 3.25h5.5l3 3v10.5h-8.5ZM11.25 3.25v3h3',
  card: 'M3.75 4.75h12.5v10.5H3.75ZM7 11.75a1.9 1.9 0 0 1 3.8 0M8.9 8.9a1.1 1.1 0 1 0 0-2.2 1.1 1.1 0 0 0 0 2.2ZM12.75 8.25h1.5M12.75 11h1.5',
  voice: 'M10 3.25a2 2 0 0 0-2 2v4a2 2 0 0 0 4 0v-4a2 2 0 0 0-2-2ZM5.25 9.5a4.75 4.75 0 0 0 9.5 0M10 14.25v2.5',
  film: 'M3.75 5.25h8.5v9.5h-8.5ZM12.25 9l4-2.25v6.5l-4-2.25',
  reply: 'M8 5 3.5 9.5 8 14M3.5 9.5h8.75a4.25 4.25 0 0 1 4.25 4.25v1.5',
  clock: 'M10 3.25a6.75 6.75 0 1 0 0 13.5 6.75 6.75 0 0 0 0-13.5ZM10 6.25V10l2.5 1.75',
  tick: 'm4 10.6 3.9 4 8.1-9.2',
  ticks: 'm1.4 10.6 3.7 4 7.7-9.2M9.1 13.6l.9 1 8.4-9.2',
  alert: 'M10 3.25a6.75 6.75 0 1 0 0 13.5 6.75 6.75 0 0 0 0-13.5ZM10 6.5v4.2M10 13.4v.1',
  question: 'M10 3.25a6.75 6.75 0 1 0 0 13.5 6.75 6.75 0 0 0 0-13.5ZM8.1 8.2a1.95 1.95 0 1 1 2.8 1.75c-.6.3-.9.65-.9 1.25M10 13.5v.1',
  power: 'M10 3v6.5M6.1 5.1a6.25 6.25 0 1 0 7.8 0',
}
const svg = 'http://www.w3.org/2000/svg'

/** Draws the icon into `place`; decoration only, its meaning is said in words beside it or by a label. */
export function drawIcon(place, name) {
  const drawing = document.createElementNS(svg, 'svg')
  for (const [key, value] of Object.entries({
    viewBox: '0 0 20 20',
    fill: 'none',
    stroke: 'currentColor',
    'stroke-width': '1.5',
    'stroke-linecap': 'round',
    'stroke-linejoin': 'round',
    'aria-hidden': 'true',
  }))
    drawing.setAttribute(key, value)
  const path = document.createElementNS(svg, 'path')
  path.setAttribute('d', shapes[name] ?? shapes.question)
  drawing.append(path)
  place.replaceChildren(drawing)
}
