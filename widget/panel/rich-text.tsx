// A message's text as it came: nothing in it becomes markup. What WhatsApp shows as more than words is fetched when it is first needed.
import { useState } from 'preact/hooks'
import { onDemand } from './on-demand.tsx'
import { useShared } from './shared-state.ts'

const LONG_LINES = 20
/** About as many signs as twenty lines of the panel hold. */
const LONG_CHARS = 900

/** Links, numbers, marks, lists, emoji: whatever may need more than this. */
const rich = /[*_~`•]|:\/\/|^[->] |^\d+[.)] |\d[\d ()\u00a0-]{6}|\p{RI}|\p{Extended_Pictographic}/mu

const Plain = ({ text }: { text: string }) => <p dir="auto">{text}</p>
const Rich = onDemand(async () => (await import('./rich/rich.tsx')).Rich, Plain)

export function RichText({ text }: { text: string }) {
  return rich.test(text) ? <Rich text={text} /> : <Plain text={text} />
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
