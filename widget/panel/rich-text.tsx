// A message's text as it came: nothing in it becomes markup but its http and https links.
import { useState } from 'preact/hooks'
import { splitLinks } from './split-links.ts'
import { useShared } from './shared-state.ts'

const LONG_LINES = 20
/** About as many signs as twenty lines of the panel hold. */
const LONG_CHARS = 900

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
