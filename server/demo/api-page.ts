// The API as a page to read, from the document that the server gives out. No script, and nothing from elsewhere.
import { html, type Markup } from './html.ts'
import { type DemoLocale, words } from './words.ts'

type Json = { [key: string]: unknown }

const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value)
const objects = (value: unknown): Json[] => (Array.isArray(value) ? value.filter(isObject) : [])
const texts = (value: unknown): string[] => (Array.isArray(value) ? value.map(String) : [])
const anchorOf = (name: string) => `shape-${name}`

/** A shape in a few words: `string`, `OwnConversation[]`, `"queued" | "sent"`. */
function typeOf(shape: unknown): Markup {
  if (!isObject(shape)) return html`any`
  const { $ref, type, items, format } = shape
  if (typeof $ref === 'string') {
    const name = $ref.split('/').at(-1) ?? ''
    return html`<a href="#${anchorOf(name)}">${name}</a>`
  }
  if ('const' in shape) return html`${JSON.stringify(shape.const)}`
  if (Array.isArray(shape.enum)) return html`${shape.enum.map((one) => JSON.stringify(one)).join(' | ')}`
  const either = objects(shape.anyOf ?? shape.oneOf)
  if (either.length > 0) return html`${either.map((one, index) => html`${index > 0 ? ' | ' : ''}${typeOf(one)}`)}`
  if (type === 'array') return html`${typeOf(items)}[]`
  if (isObject(shape.additionalProperties)) return html`{ … : ${typeOf(shape.additionalProperties)} }`
  return html`${Array.isArray(type) ? type.join(' | ') : (format ?? type ?? 'any')}`
}

function limitsOf(shape: unknown): string {
  if (!isObject(shape)) return ''
  const { minLength, maxLength, minimum, maximum, maxItems, default: given } = shape
  const range = (from: unknown, to: unknown) => (from === undefined && to === undefined ? '' : `${from ?? ''}–${to ?? ''}`)
  const most = Number(maximum) === Number.MAX_SAFE_INTEGER ? undefined : maximum
  return [
    range(minLength, maxLength),
    range(minimum, most),
    maxItems === undefined ? '' : `≤ ${maxItems}`,
    given === undefined ? '' : `= ${JSON.stringify(given)}`,
  ]
    .filter(Boolean)
    .join(', ')
}

function fields(shape: Json, mark: string): Markup {
  const required = new Set(texts(shape.required))
  const rows = Object.entries(isObject(shape.properties) ? shape.properties : {}).map(
    ([name, one]) => html`<tr><th scope="row"><code>${name}</code>${required.has(name) ? html` <b title="${mark}">*</b>` : ''}</th>
<td><code>${typeOf(one)}</code> <small>${limitsOf(one)}</small>${isObject(one) && isObject(one.properties) ? fields(one, mark) : ''}</td></tr>`,
  )
  return html`<table class="fields"><tbody>${rows}</tbody></table>`
}

const shapeIn = (content: unknown): Json | null => {
  const [first] = isObject(content) ? Object.values(content) : []
  return isObject(first) && isObject(first.schema) ? first.schema : null
}

function operation(path: string, method: string, call: Json, locale: DemoLocale): Markup {
  const w = words[locale].reference
  const body = isObject(call.requestBody) ? shapeIn(call.requestBody.content) : null
  const parameters = objects(call.parameters)
  const answers = Object.entries(isObject(call.responses) ? call.responses : {}).filter(([status]) => /^\d+$/.test(status))
  return html`<article id="${String(call.operationId)}">
<h3><span class="method ${method}">${method.toUpperCase()}</span> <code>${path}</code></h3>
<p>${String(call.summary)}${texts(call.security).length === 0 ? html` <small>${w.open}</small>` : ''}</p>
${
  parameters.length > 0
    ? html`<h4>${w.parameters}</h4><table class="fields"><tbody>${parameters.map(
        (one) => html`<tr><th scope="row"><code>${String(one.name)}</code>${one.required ? html` <b title="${w.required}">*</b>` : ''}</th>
<td><code>${typeOf(one.schema)}</code> <small>${String(one.in)}${limitsOf(one.schema) ? `, ${limitsOf(one.schema)}` : ''}</small></td></tr>`,
      )}</tbody></table>`
    : ''
}
${body ? html`<h4>${w.body}</h4>${body.properties ? fields(body, w.required) : html`<p><code>${typeOf(body)}</code></p>`}` : ''}
<h4>${w.answers}</h4>
<dl>${answers.map(([status, one]) => {
    const shape = isObject(one) ? shapeIn(one.content) : null
    const says = isObject(one) && Number(status) >= 400 ? String(one.description).replace(/^A problem document: /, '') : null
    return html`<div><dt>${status}</dt><dd>${says ?? (shape ? (shape.properties ? fields(shape, w.required) : html`<code>${typeOf(shape)}</code>`) : w.nothing)}</dd></div>`
  })}</dl>
</article>`
}

/** @param document an OpenAPI document with all its parts in itself. */
export function apiPage(document: Json, locale: DemoLocale): string {
  const w = words[locale].reference
  const calls = Object.entries(isObject(document.paths) ? document.paths : {}).flatMap(([path, methods]) =>
    Object.entries(isObject(methods) ? methods : {}).map(([method, call]) => ({ path, method, call: isObject(call) ? call : {} })),
  )
  const groups = Map.groupBy(calls, ({ path }) => path.split('/')[path.startsWith('/api/') ? 2 : 1] ?? '')
  const components = isObject(document.components) ? document.components : {}
  const shapes = Object.entries(isObject(components.schemas) ? components.schemas : {})
  return html`<!doctype html>
<html lang="${locale}">
<head>
<meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<title>API · Hilo</title>
<link rel="icon" href="/demo/icon.svg" type="image/svg+xml">
<link rel="stylesheet" href="/demo/host.css">
<link rel="stylesheet" href="/demo/api.css">
</head>
<body class="reference">
<nav class="contents" aria-label="${w.contents}">
<p class="logo">Hilo API</p>
${[...groups].map(
  ([name, some]) =>
    html`<p class="group">${name}</p>${some.map(
      ({ path, method, call }) =>
        html`<a href="#${String(call.operationId)}"><span class="method ${method}">${method.toUpperCase()}</span> ${path.replace(/^\/api/, '')}</a>`,
    )}`,
)}
<p class="group">${w.shapes}</p>${shapes.map(([name]) => html`<a href="#${anchorOf(name)}">${name}</a>`)}
</nav>
<main>
<h1>${w.title}</h1>
<p>${w.intro} <a href="/api/openapi.json">openapi.json</a></p>
${[...groups].map(([name, some]) => html`<section><h2>${name}</h2>${some.map(({ path, method, call }) => operation(path, method, call, locale))}</section>`)}
<section><h2>${w.shapes}</h2>
${shapes.map(([name, shape]) => html`<article id="${anchorOf(name)}"><h3><code>${name}</code></h3>${isObject(shape) && shape.properties ? fields(shape, w.required) : html`<p><code>${typeOf(shape)}</code></p>`}</article>`)}
</section>
</main>
</body>
</html>
`.markup
}
