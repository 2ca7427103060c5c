// The demo host's pages: a small back office that embeds Hilo as any host would. View the source: that is all it takes.
import { formatPhone } from '../../shared/parse-phone.ts'
import { demoBusiness } from '../simulator/people.ts'
import { type DemoAgent, demoAgents } from './agents.ts'
import { html, type Markup } from './html.ts'
import { icon } from './icons.ts'
import { type DemoRecord, demoTimezone, OFFSET_MS, templateVariables } from './records.ts'
import { type DemoLocale, type DemoView, words } from './words.ts'

export interface DemoRequest {
  agent: DemoAgent
  locale: DemoLocale
  view: DemoView
  section: 'records' | 'clients'
  /** The record that is shown; null: the list. */
  record: DemoRecord | null
  now: number
}

const MONTH_MS = 30 * 24 * 60 * 60_000
const regions: Record<DemoLocale, string> = { es: 'es-AR', en: 'en', pt: 'pt-BR' }

const views: Record<DemoView, (record: DemoRecord, now: number) => boolean> = {
  upcoming: (record, now) => Date.parse(record.startsAt) >= now,
  month: (record, now) => Date.parse(record.startsAt) >= now && Date.parse(record.startsAt) < now + MONTH_MS,
  deposit: (record, now) => Date.parse(record.startsAt) >= now && (record.state === 'deposit' || record.state === 'quote'),
  past: (record, now) => Date.parse(record.startsAt) < now,
}

/** As its supervisor. The token behind the `#` is asked for by the console itself, again whenever it ends. */
const consoleAddress = `/console/#${new URLSearchParams({ 'token-url': '/demo/token?agent=carla' })}`

/** A link that keeps who is signed in and the language. */
function link(page: DemoRequest, change: Record<string, string>): string {
  return `/?${new URLSearchParams({ agent: page.agent.key, lang: page.locale, ...change })}`
}

function dateOf(page: DemoRequest, record: DemoRecord): { day: string; time: string } {
  const at = new Date(record.startsAt)
  const format = (options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat(regions[page.locale], { timeZone: demoTimezone, ...options })
  const part = (type: 'weekday' | 'day' | 'month', options: Intl.DateTimeFormatOptions) =>
    (
      format(options)
        .formatToParts(at)
        .find((one) => one.type === type)?.value ?? ''
    ).replace('.', '')
  const [weekday, day, month] = [
    part('weekday', { weekday: 'short' }),
    part('day', { day: 'numeric' }),
    part('month', { day: 'numeric', month: 'short' }),
  ]
  return { day: `${weekday} ${day} ${month}`, time: format({ hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(at) }
}

function balanceOf(page: DemoRequest, record: DemoRecord): string {
  if (record.balance === 0) return record.state === 'done' || record.state === 'canceled' ? '–' : words[page.locale].paid
  return `$\u00a0${new Intl.NumberFormat(regions[page.locale]).format(record.balance)}`
}

function stateOf(page: DemoRequest, record: DemoRecord): Markup {
  return html`<span class="state ${record.state}${record.moved ? ' moved' : ''}" data-cell="${record.id} state">${words[page.locale].states[record.state]}</span>`
}

function whatsappButton(record: DemoRecord): Markup {
  return html`<button type="button" class="wa" data-hilo-coordination="${record.id}" data-hilo-phone="${record.phone}" data-hilo-name="${record.clientName}">${icon('hilo')}<span>WhatsApp</span></button>
<hilo-badge coordination="${record.id}"></hilo-badge>`
}

function recordRow(page: DemoRequest, record: DemoRecord): Markup {
  const { columns } = words[page.locale]
  const { day, time } = dateOf(page, record)
  return html`<tr>
<td class="date num" data-label="${columns.date}" data-cell="${record.id} date"><b>${day}</b> <span class="time">${time}</span></td>
<td class="event" data-label="${columns.event}"><a class="strong" href="${link(page, { record: record.id })}">${record.title}</a></td>
<td class="client" data-label="${columns.client}">${record.clientName}</td>
<td class="act">${whatsappButton(record)}</td>
<td class="status" data-label="${columns.state}">${stateOf(page, record)}</td>
<td class="room" data-label="${columns.room}">${record.room}</td>
<td class="balance num" data-label="${columns.balance}">${balanceOf(page, record)}</td>
</tr>`
}

/** Things to try with what was said before. */
function tips(page: DemoRequest): Markup {
  const w = words[page.locale].tips
  const phone = `/phone?lang=${page.locale}`
  return html`<section class="tips" aria-labelledby="tips"><h2 id="tips">${w.title}</h2><ol>
<li>${w.answer} <a href="${link(page, { record: 'ev-1042' })}">${w.answerLink}</a></li>
<li>${w.write} <a href="${phone}" target="hilo-phone">${w.writeLink}</a></li>
<li>${w.file} <a href="${link(page, { section: 'clients' })}">${w.fileLink}</a></li>
<li>${w.move} <a href="${link(page, { record: 'ev-1058' })}">${w.moveLink}</a></li>
</ol></section>`
}

function recordList(page: DemoRequest, records: readonly DemoRecord[]): Markup {
  const w = words[page.locale]
  const shown = records.filter((record) => views[page.view](record, page.now))
  if (page.view === 'past') shown.reverse()
  const { date, event, client, messages, state, room, balance } = w.columns
  const tabs = (Object.keys(views) as DemoView[]).map(
    (view) => html`<a href="${link(page, { view })}"${view === page.view ? html` aria-current="page"` : ''}>${w.views[view]}</a>`,
  )
  const table = html`<table class="records"><thead><tr><th>${date}</th><th>${event}</th><th>${client}</th><th>${messages}</th><th>${state}</th><th class="room">${room}</th><th class="balance">${balance}</th></tr></thead>
<tbody>${shown.map((record) => recordRow(page, record))}</tbody></table>`
  return html`${page.view === 'upcoming' ? tips(page) : ''}<nav class="tabs" aria-label="${w.filters}">${tabs}</nav>
${shown.length === 0 ? html`<p class="empty">${w.empty}</p>` : table}`
}

function clientList(page: DemoRequest, records: readonly DemoRecord[]): Markup {
  const { columns } = words[page.locale]
  const clients = Map.groupBy(records, (record) => record.clientName)
  const rows = [...clients]
    .sort(([a], [b]) => a.localeCompare(b))
    .map(([name, theirs]) => {
      const next = theirs.find((record) => Date.parse(record.startsAt) >= page.now) ?? theirs[0]
      return html`<tr><td class="event strong">${name}</td><td class="client num">${formatPhone(theirs[0]?.phone ?? '')}</td>
<td class="act">${next ? whatsappButton(next) : ''}</td>
<td class="status">${theirs.map((record, index) => html`${index > 0 ? ', ' : ''}<a class="quiet" href="${link(page, { record: record.id })}">${record.title}</a>`)}</td></tr>`
    })
  return html`<table class="clients"><thead><tr><th>${columns.client}</th><th>${columns.phone}</th><th>${columns.messages}</th><th>${columns.records}</th></tr></thead><tbody>${rows}</tbody></table>`
}

function recordPage(page: DemoRequest, record: DemoRecord): Markup {
  const w = words[page.locale]
  const { day, time } = dateOf(page, record)
  const facts: [string, unknown][] = [
    [w.columns.date, html`<span data-cell="${record.id} date">${day}, ${time}</span>`],
    [w.columns.state, stateOf(page, record)],
    [w.columns.client, record.clientName],
    [w.columns.phone, formatPhone(record.phone)],
    [w.columns.room, record.room],
    [w.columns.guests, record.guests],
    [w.columns.balance, balanceOf(page, record)],
  ]
  return html`<p><a class="crumb" href="${link(page, {})}">${icon('back')}${w.back}</a></p>
<section class="card"><dl>${facts.map(([name, value]) => html`<div><dt>${name}</dt><dd class="num">${value}</dd></div>`)}</dl>
<p class="act">${whatsappButton(record)}</p></section>
${record.state === 'done' || record.state === 'canceled' ? '' : dayOf(page, record)}`
}

/** The event is moved here, and what Hilo will send of it by itself is seen to move along. */
function dayOf(page: DemoRequest, record: DemoRecord): Markup {
  const w = words[page.locale].day
  const onTheWall = new Date(Date.parse(record.startsAt) + OFFSET_MS).toISOString().slice(0, 16)
  return html`<section class="card day" aria-labelledby="day"><h2 id="day">${w.title}</h2>
<form id="move" data-id="${record.id}" data-failed="${w.failed}"><label for="starts-at">${w.label}</label>
<input type="datetime-local" id="starts-at" name="startsAt" value="${onTheWall}" required><button type="submit" class="plain">${w.move}</button>
<p id="moved" role="status" data-done="${w.done}"></p></form>
<h3 id="coming">${w.coming}</h3>
<ol id="plan" aria-labelledby="coming" data-id="${record.id}" data-agent="${page.agent.key}" data-locale="${regions[page.locale]}" data-nothing="${w.nothing}"></ol>
<p class="hint">${w.hint} <a href="/phone?lang=${page.locale}" target="hilo-phone">${words[page.locale].phone}</a></p></section>`
}

function scopeOf(page: DemoRequest, agent: DemoAgent): string {
  const { scopes } = words[page.locale]
  return agent.role === 'supervisor' ? scopes.supervisor : agent.coordinations === null ? scopes.all : scopes.own
}

/** @param records those that the agent's part of the host shows. */
export function demoPage(page: DemoRequest, records: readonly DemoRecord[]): string {
  const w = words[page.locale]
  const { agent, record } = page
  const upcoming = records.filter((one) => views.upcoming(one, page.now)).length
  const title = record?.title ?? (page.section === 'clients' ? w.clients : w.records)
  const current = (section: DemoRequest['section']) => (page.section === section ? html` aria-current="page"` : '')
  const agents = demoAgents.map(
    (one) => html`<option value="${one.key}"${one === agent ? html` selected` : ''}>${one.name} · ${scopeOf(page, one)}</option>`,
  )
  const languages = (['es', 'en', 'pt'] as const).map(
    (locale) =>
      html`<a href="${link({ ...page, locale }, keep(page))}" lang="${locale}"${locale === page.locale ? html` aria-current="true"` : ''}>${locale.toUpperCase()}</a>`,
  )
  // The record of a page is said once, for the button that floats on it (see host.js).
  const context = record
    ? html` data-record="${record.id}" data-phone="${record.phone}" data-name="${record.clientName}" data-variables="${JSON.stringify(templateVariables(record))}"`
    : ''
  return html`<!doctype html>
<html lang="${regions[page.locale]}">
<head>
<meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1,viewport-fit=cover">
<title>${title} · ${demoBusiness}</title>
<link rel="icon" href="/demo/icon.svg" type="image/svg+xml">
<link rel="stylesheet" href="/demo/host.css">
<script src="/demo/host.js"></script>
<script async src="/widget.js" data-token-url="/demo/token?agent=${agent.key}" data-locale="${page.locale}"></script>
</head>
<body${context}>
<div class="app">
<nav class="side" aria-label="${w.main}">
<p class="logo">${demoBusiness}</p>
<a href="${link(page, {})}"${current('records')}>${icon('calendar')}${w.records}<span class="count">${upcoming}</span></a>
<a href="${link(page, { section: 'clients' })}"${current('clients')}>${icon('user')}${w.clients}</a>
<p class="group">${w.demo}</p>
<a href="/phone?lang=${page.locale}" target="hilo-phone" title="${w.phoneHint}">${icon('phone')}${w.phone}</a>
<a href="/demo/api?lang=${page.locale}" target="_blank">${icon('doc')}${w.api}</a>
<a href="${consoleAddress}" target="hilo-console" title="${w.consoleHint}">${icon('console')}${w.console}</a>
<p class="notice">${w.notice}</p>
</nav>
<main>
<header class="top"><h1>${title}</h1>
<label>${w.signedInAs} <select id="agent" autocomplete="off">${agents}</select></label>
<button type="button" id="theme" class="plain" data-dark="${w.dark}" data-light="${w.light}">${w.dark}</button>
<a class="plain phone-link" href="/phone?lang=${page.locale}" target="hilo-phone" title="${w.phoneHint}">${icon('phone')}<span>${w.phone}</span></a>
<span class="languages" role="group" aria-label="${w.language}">${languages}</span>
</header>
${record ? recordPage(page, record) : page.section === 'clients' ? clientList(page, records) : recordList(page, records)}
</main>
</div>
</body>
</html>
`.markup
}

/** The part of the address that stays when the language changes. */
function keep(page: DemoRequest): Record<string, string> {
  if (page.record) return { record: page.record.id }
  return page.section === 'clients' ? { section: 'clients' } : { view: page.view }
}
