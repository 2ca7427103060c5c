// A message as the client reads it: on WhatsApp a bubble with WhatsApp's own marks of bold and italic, else plain.
import type { ComponentChildren } from 'preact'

interface MessagePreviewProps {
  text: string
  channel: 'whatsapp' | 'sms'
  /** Above the text: who it goes to. */
  head?: ComponentChildren
  /** Inside the bubble, above the text. */
  top?: ComponentChildren
  /** Under the text, inside the bubble. */
  footer?: string | undefined
  buttons?: readonly string[]
}

/** Each with the letters or signs beside which it counts. */
const marks = /(?<![\p{L}\p{N}])([*_~])(?=\S)([^\n]*?\S)\1(?![\p{L}\p{N}])/gu
const elements = { '*': 'b', _: 'em', '~': 's' } as const

/** What has no value yet stands out. */
function withPlaceholders(text: string): ComponentChildren[] {
  return text.split(/(\{\{[^{}]*\}\})/).map((part, at) => (at % 2 === 1 ? <mark key={at}>{part}</mark> : part))
}

function formatted(text: string): ComponentChildren[] {
  const parts: ComponentChildren[] = []
  let from = 0
  for (const match of text.matchAll(marks)) {
    const [whole, sign = '*', inner = ''] = match
    const Element = elements[sign as keyof typeof elements]
    parts.push(...withPlaceholders(text.slice(from, match.index)), <Element key={`mark-${match.index}`}>{formatted(inner)}</Element>)
    from = match.index + whole.length
  }
  return [...parts, ...withPlaceholders(text.slice(from))]
}

export function MessagePreview({ text, channel, head, top, footer, buttons = [] }: MessagePreviewProps) {
  return (
    <div class="preview">
      {head}
      <div class="preview-phone">
        <div class="preview-bubble">
          {top}
          <p dir="auto">{channel === 'whatsapp' ? formatted(text) : withPlaceholders(text)}</p>
          {footer !== undefined && footer !== '' && <p class="preview-footer">{footer}</p>}
        </div>
        {buttons.map((one, at) => (
          <p key={`${at} ${one}`} class="preview-button">
            {one}
          </p>
        ))}
      </div>
    </div>
  )
}
