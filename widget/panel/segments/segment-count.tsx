// How many SMS a text is, what carriers bill; and which signs make it more than it had to be.
import { useState } from 'preact/hooks'
import { dearSigns } from './plain-letters.ts'
import { countSegments } from '../../../shared/segments.ts'
import { addStyles } from '../adopt-styles.ts'
import { useShared } from '../shared-state.ts'
import { useSegmentWords } from './segment-words.ts'
import css from './segments.css?inline'

addStyles(css)

/** As many as one reads at a glance. */
const MOST = 6

export function SegmentCount({ text, onWrite }: { text: string; onWrite(text: string): void }) {
  const { say } = useShared()
  const own = useSegmentWords()
  const [open, setOpen] = useState(false)
  const { segments } = countSegments(text)
  const says = `${text.length} · ${segments} SMS`
  const dear = dearSigns(text)
  if (dear === null) return <span class="seg">{says}</span>
  const signs = dear.signs.slice(0, MOST).join(' ') + (dear.signs.length > MOST ? ' …' : '')
  return (
    <>
      <button type="button" class="seg" title={own.why} aria-expanded={open} onClick={() => setOpen(!open)}>
        {says}
      </button>
      {open && (
        <div
          class="dear"
          role="status"
          onKeyDown={(event) => {
            if (event.key !== 'Escape') return
            event.stopPropagation()
            event.preventDefault()
            setOpen(false)
          }}
        >
          <span class="grow">{say(own.dear, { signs, n: segments, m: dear.segments })}</span>
          <button
            type="button"
            class="btn small"
            onClick={() => {
              setOpen(false)
              onWrite(dear.plain)
            }}
          >
            {own.drop}
          </button>
        </div>
      )}
    </>
  )
}
