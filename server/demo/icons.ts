// The few icons of the demo page: 20 grid, 1.5 px stroke.
import { html, type Markup } from './html.ts'

const paths = {
  calendar: html`<rect x="3.25" y="4.25" width="13.5" height="12.5" rx="2"/><path d="M3.25 8.25h13.5M7 2.5v3.25M13 2.5v3.25"/>`,
  user: html`<circle cx="10" cy="6.9" r="3.15"/><path d="M4.2 16.6a5.8 5.8 0 0 1 11.6 0"/>`,
  phone: html`<rect x="5.75" y="2.5" width="8.5" height="15" rx="2"/><path d="M9 14.75h2"/>`,
  doc: html`<rect x="3.25" y="3.25" width="13.5" height="13.5" rx="2"/><path d="M6.5 7h7M6.5 10h7M6.5 13h3.5"/>`,
  console: html`<path d="M3.25 8.25v3.5h2.5l7.5 4V4.25l-7.5 4ZM16 8a3 3 0 0 1 0 4M6.25 12l1 4.25h2"/>`,
  back: html`<path d="M12.5 4.5 7 10l5.5 5.5"/>`,
  hilo: html`<path d="M4.5 3.25h11a2 2 0 0 1 2 2v7.25a2 2 0 0 1-2 2H9.4l-3.3 2.6a.5.5 0 0 1-.8-.4v-2.2h-.8a2 2 0 0 1-2-2V5.25a2 2 0 0 1 2-2Z"/><path d="M6 9c1.33-2 2.67-2 4 0s2.67 2 4 0"/>`,
} satisfies Record<string, Markup>

export function icon(name: keyof typeof paths): Markup {
  return html`<svg class="icon" viewBox="0 0 20 20" aria-hidden="true">${paths[name]}</svg>`
}
