// When a template goes: at once, unless a time is chosen here or before.
import { useState } from 'preact/hooks'
import type { OwnConversation } from '../../../shared/model.ts'
import { formatWhenLong } from '../../locales/format.ts'
import { Icon } from '../icon.tsx'
import { onDemand } from '../on-demand.tsx'
import { useShared } from '../shared-state.ts'
import { useFormWords } from './form-words.ts'

const ScheduleMenu = onDemand(async () => (await import('../menus/menus.ts')).menus.ScheduleMenu)

interface TimeProps {
  conversation: OwnConversation
  sendAt: string | null
  /** A plan keeps its time or gets another; it does not go now. */
  isPlan: boolean
  onChange(sendAt: string | null): void
}

export function TemplateTime({ conversation, sendAt, isPlan, onChange }: TimeProps) {
  const { words, zone, now, say } = useShared()
  const own = useFormWords()
  const [choosing, setChoosing] = useState(false)
  return (
    <>
      {sendAt !== null && (
        <span class="goes">
          <Icon name="calendar" />
          <span class="grow">{say(own.goesAt, { t: formatWhenLong(zone, words, sendAt, now.value) })}</span>
          <button type="button" class="link" onClick={() => setChoosing(!choosing)}>
            {own.changeTime}
          </button>
          {!isPlan && (
            <button type="button" class="link" onClick={() => onChange(null)}>
              {own.goNow}
            </button>
          )}
        </span>
      )}
      {sendAt === null && (
        <button
          type="button"
          class="ib"
          aria-label={words.schedule}
          title={words.schedule}
          aria-haspopup="dialog"
          aria-expanded={choosing}
          onClick={() => setChoosing(!choosing)}
        >
          <Icon name="calendar" />
        </button>
      )}
      {choosing && (
        <ScheduleMenu
          conversation={conversation}
          isTemplate
          onPick={({ sendAt }) => {
            setChoosing(false)
            onChange(sendAt)
          }}
          onClose={() => setChoosing(false)}
        />
      )}
    </>
  )
}
