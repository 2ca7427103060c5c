// Which step of a plan B was taken, why, and where the SMS went.
import type { Message, PlanB } from '../../../shared/model.ts'
import { Icon } from '../icon.tsx'
import { useShared } from '../shared-state.ts'
import { usePlanBWords } from './planb-words.ts'

export function Taken({ message, planB: { taken, text = '' } }: { message: Message; planB: PlanB }) {
  const { go, inline, say } = useShared()
  const own = usePlanBWords()
  if (!taken) return null
  const { step, because, conversationId } = taken
  const why = because.at(-1) ?? 'window'
  const words = step === 'text' ? own.tookText : step === 'sms' ? own.tookSms[why] : say(own.tookTemplate, { t: text })
  return (
    <span class="under planb-taken">
      <Icon name={step === 'template' ? 'template' : 'calendar'} />
      <span>
        {words}
        {conversationId && conversationId !== message.conversationId && !inline && (
          <>
            {' '}
            <button type="button" class="link" onClick={() => go({ at: 'thread', conversationId, target: {} })}>
              {own.seeSms}
            </button>
          </>
        )}
      </span>
    </span>
  )
}
