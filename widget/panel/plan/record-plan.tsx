// What automations will send for a record, and when: an agent takes one out, sends one now, moves one, or puts it back.
import type { OwnConversation } from '../../../shared/model.ts'
import { addStyles } from '../adopt-styles.ts'
import { contactName } from '../contact-name.ts'
import { Empty, Skeleton } from '../empty.tsx'
import { Icon } from '../icon.tsx'
import { LoadError } from '../inbox.tsx'
import { useShared } from '../shared-state.ts'
import { Strip } from '../strip.tsx'
import { useDelayed } from '../use-delayed.ts'
import css from './plan.css?inline'
import { PlanRow } from './plan-row.tsx'
import { usePlanWords } from './plan-words.ts'
import { usePlan } from './use-plan.ts'

addStyles(css)

export function RecordPlan({ conversationId }: { conversationId: string }) {
  const { client, words, inline, go, close } = useShared()
  const own = usePlanWords()
  const conversation = client.conversation(conversationId).value
  const title = conversation?.coordination?.title
  return (
    <div class="view">
      <div class="head thead">
        <button type="button" class="ib" aria-label={words.back} onClick={() => go({ at: 'thread', conversationId, target: {} })}>
          <Icon name="back" />
        </button>
        <div class="who">
          <h2 class="cut">{own.title}</h2>
          {title && (
            <p class="cut" dir="auto" title={title}>
              {title}
            </p>
          )}
        </div>
        {!inline && (
          <button type="button" class="ib close" aria-label={words.close} onClick={close}>
            <Icon name="close" />
          </button>
        )}
      </div>
      <Strip />
      {conversation && conversation.coordinationId !== null ? (
        <Items conversation={conversation} coordinationId={conversation.coordinationId} />
      ) : (
        <Empty icon="lock" title={words.gone} />
      )}
    </div>
  )
}

function Items({ conversation, coordinationId }: { conversation: OwnConversation; coordinationId: string }) {
  const { zone, say } = useShared()
  const own = usePlanWords()
  const { plan, change, look } = usePlan(coordinationId, conversation.rev)
  const slow = useDelayed(plan === null, 200)
  if (plan === null)
    return (
      <div class="body ruled" aria-busy="true">
        {slow && <Skeleton />}
      </div>
    )
  if (plan === 'failed')
    return (
      <div class="body">
        <LoadError onRetry={() => void look()} />
      </div>
    )
  const there = { ...zone, timezone: isKnown(plan.timezone) ? plan.timezone : zone.timezone }
  const place = there.timezone.split('/').at(-1)?.replaceAll('_', ' ') ?? ''
  return (
    <div class="body ruled">
      {there.timezone !== zone.timezone && <p class="plan-zone muted">{say(own.zone, { zone: place })}</p>}
      {plan.items.length === 0 && (
        <Empty icon="calendar" title={own.nothing}>
          <p>{own.nothingHint}</p>
        </Empty>
      )}
      <ul class="plan-items" aria-label={own.title}>
        {plan.items.map((item) => (
          <PlanRow key={item.key} item={item} zone={there} name={contactName(conversation.contact)} onChange={change} />
        ))}
      </ul>
    </div>
  )
}

/** A browser may be older than the name of a zone. */
function isKnown(timezone: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: timezone })
    return true
  } catch {
    return false
  }
}
