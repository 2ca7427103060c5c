// A message's text as it came: nothing in it becomes markup but its http and https links.
import { useState } from 'preact/hooks'
import { useShared } from './shared-state.ts'

const LONG_LINES = 20
/** About as many signs as twenty lines of the panel hold. */
const LONG_CHARS = 900

/** Odd parts are links. Trailing punctuation belongs to the sentence, not to the address. */
export function splitLinks(text: string): string[] {
  const parts: string[] = []
  let from = 0
  for (const match of text.matchAll(/\bhttps?:\/\/[^\s<>"'“”]+/giu)) {
    let link = match[0].replace(/[.,;:!?…*_~]+$/u, '')
    if (link.endsWith(')') && !link.includes('(')) link = link.replace(/\)[.,;:!?…]*$/u, '')
    if (!URL.canParse(link)) continue
    parts.push(text.slice(from, match.index), link)
    from = match.index + link.length
  }
  parts.push(text.slice(from))
  return parts
}

export function RichText({ text }: { text: string }) {
  return (
    <p dir="auto">
      {splitLinks(text).map((part, index) =>
        index % 2 === 0 ? (
          part
        ) : (
          <a href={part} target="_blank" rel="noopener noreferrer">
            {part}
          </a>
        ),
      )}
    </p>
  )
}

export function isLongText(text: string): boolean {
  return text.length > LONG_CHARS || text.split('\n', LONG_LINES + 1).length > LONG_LINES
}

export function SeeAll({ onPress }: { onPress(): void }) {
  const { words } = useShared()
  return (
    <button type="button" class="link" onClick={onPress}>
      {words.seeAll}
    </button>
  )
}

/** Whether a long text is cut, and how to see all of it. */
export function useCut(text: string): [boolean, () => void] {
  const [all, showAll] = useState(false)
  return [!all && isLongText(text), () => showAll(true)]
}
