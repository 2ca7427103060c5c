// The chunk of texts that have more than words in them.
import type { ComponentChildren } from 'preact'
import { signsOf } from '../../../shared/signs.ts'
import { addStyles } from '../adopt-styles.ts'
import { formatText, type Inline } from './format-text.ts'
import css from './rich.css?inline'

addStyles(css)

export function Rich({ text }: { text: string }) {
  const blocks = formatText(text)
  const [only] = blocks
  if (blocks.length === 1 && only?.tag === 'span')
    return (
      <p dir="auto" class={isEmoji(text) ? 'emoji' : undefined}>
        {draw(only.content)}
      </p>
    )
  return (
    <div class="rich" dir="auto">
      {blocks.map((block) => {
        if ('content' in block) return <block.tag>{draw(block.content)}</block.tag>
        const items = block.items.map((item) => <li>{draw(item)}</li>)
        return block.tag === 'ul' ? <ul>{items}</ul> : <ol start={block.start}>{items}</ol>
      })}
    </div>
  )
}

function draw(content: readonly Inline[]): ComponentChildren {
  return content.map((one) => {
    if (typeof one === 'string') return one
    const { tag: Tag, href } = one
    const isPage = href?.startsWith('http')
    return (
      <Tag {...(href ? { href } : {})} {...(isPage ? { target: '_blank', rel: 'noopener noreferrer' } : {})}>
        {draw(one.content)}
      </Tag>
    )
  })
}

/** One and nothing else: it stands large. */
function isEmoji(text: string): boolean {
  const signs = signsOf(text.trim(), 2)
  return signs.length === 1 && /\p{RI}|(?!\d)\p{Emoji}\ufe0f|\p{Emoji_Presentation}/u.test(signs[0] ?? '')
}
