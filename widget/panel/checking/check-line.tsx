// Above a text that is held: what the record says, and the two ways on.
import { Icon } from '../icon.tsx'
import { useShared } from '../shared-state.ts'
import { checkingWords } from './checking-words.ts'
import type { Contradiction } from './facts.ts'

interface LineProps {
  found: Contradiction
  /** The source of the value. */
  title: string
  onCorrect(): void
  onSend(): void
}

export function CheckLine({ found, title, onCorrect, onSend }: LineProps) {
  const { appearance, say } = useShared()
  const own = checkingWords[appearance.value.locale]
  return (
    <div class="modeline caution" role="alert">
      <Icon name="alert" />
      <span class="grow">{say(own.says, { r: title, value: found.says })}</span>
      <button type="button" class="link" onClick={onCorrect}>
        {own.correct}
      </button>
      <button type="button" class="link" onClick={onSend}>
        {own.anyway}
      </button>
    </div>
  )
}
