// Until when a conversation is snoozed: usual times, or any day and hour. It comes back before where the client writes.
import { formatTime, formatWhenLong } from '../../locales/format.ts'
import type { PopupProps } from '../popup.tsx'
import { useShared } from '../shared-state.ts'
import { useMenuWords } from './menu-words.ts'
import { OwnTime } from './own-time.tsx'
import { PopupBox } from './popup-box.tsx'
import { snoozeTimes } from './snooze-times.ts'

export function SnoozeBox({ onPick, onClose, onLeave }: Omit<PopupProps, 'label'> & { onPick(until: Date): void }) {
  const { words, zone, now } = useShared()
  const own = useMenuWords()
  const at = now.value
  function pick(until: Date): void {
    onClose()
    onPick(until)
  }
  return (
    <PopupBox role="dialog" class="wide when" label={own.snooze} onClose={onClose} onLeave={onLeave}>
      {snoozeTimes(zone, at).map(({ name, at: until }) => (
        <button key={name} type="button" class="option" onClick={() => pick(until)}>
          {own[name]}
          <span class="end">
            {name === 'tomorrow' ? formatTime(zone, until.toISOString()) : formatWhenLong(zone, words, until.toISOString(), at)}
          </span>
        </button>
      ))}
      <hr />
      <OwnTime hour="09:00" label={() => own.snooze} onPick={pick} />
    </PopupBox>
  )
}
