// One message: the bubble, its time and tick, what its state means in words, and the card when something went wrong.
import { useState } from 'preact/hooks'
import { isHeld } from '../../shared/held.ts'
import type { Message } from '../../shared/model.ts'
import { fill, formatTime, formatWhenLong } from '../locales/format.ts'
import { Icon } from './icon.tsx'
import { onDemand } from './on-demand.tsx'
import { RichText, SeeAll, useCut } from './rich-text.tsx'
import { useShared } from './shared-state.ts'
import { StatusMark } from './status-mark.tsx'
import { templateTitle } from './template-title.ts'
import type { Item } from './transcript-items.ts'
import { UnderWords } from './under-words.tsx'
import { useElapsed } from './use-delayed.ts'

const DoubtCard = onDemand(async () => (await import('./cards/cards.ts')).cards.DoubtCard)
const FailedCard = onDemand(async () => (await import('./cards/cards.ts')).cards.FailedCard)
const Plan = onDemand(async () => (await import('./cards/cards.ts')).cards.Plan)
const UndoSend = onDemand(async () => (await import('./cards/cards.ts')).cards.UndoSend)
const UnsentCard = onDemand(async () => (await import('./cards/cards.ts')).cards.UnsentCard)

const Kind = onDemand(async () => (await import('./kinds/kinds.ts')).kinds.Kind)
const Quote = onDemand(async () => (await import('./kinds/kinds.ts')).kinds.Quote)

const DOUBT_MS = 15_000

/** Types that say more than their text. */
function hasKind({ type, forwarded, referral, erased }: Message): boolean {
  return forwarded || erased || referral !== undefined || (type !== 'text' && type !== 'template')
}

type BubbleItem = Extract<Item, { kind: 'bubble' }>

export function Bubble({ item, isNew }: { item: BubbleItem; isNew: boolean }) {
  const { zone, words, now, me } = useShared()
  const { message, unsent, part, at: createdAt, next, isLastOwn, isRetried } = item
  const aged = useElapsed(Date.parse(createdAt), DOUBT_MS, now.value)
  const text = (message ?? part ?? unsent)?.text ?? ''
  const [cut, showAll] = useCut(text)
  const out = message === null || message.direction === 'outbound'
  const refused = unsent?.state === 'refused'
  const status = message ? message.status : refused && unsent.problem?.code !== 'conflict' ? 'failed' : 'queued'
  // What is said to a send stands under the last message that it becomes.
  const isEnd = part === (unsent?.parts?.at(-1) ?? null)
  const doubt = status === 'unconfirmed' && aged
  const held = message !== null && isHeld(message)
  const planned = message !== null && message.seq === null && !held
  const plans = planned || message?.planB?.taken
  // Of a colleague's answer, or of what is old: it goes when its author says so.
  const waits = unsent?.state === 'late' || (refused && status === 'queued')
  const [late, setLate] = useState(false)
  const shownStatus = held ? 'queued' : status === 'unconfirmed' && !doubt ? 'sending' : status
  const looks = [
    'm',
    out && 'out',
    next && 'next',
    isNew && 'is-new',
    status === 'failed' && 'is-failed',
    doubt && 'is-doubt',
    (planned || waits) && 'is-plan',
  ]
  const template = message?.template ?? unsent?.template
  return (
    <div class={looks.filter(Boolean).join(' ')} data-key={item.key} data-seq={message?.seq ?? undefined} tabIndex={-1}>
      {!next && message && out && <By message={message} me={me} />}
      <div class={cut ? 'bubble is-long' : 'bubble'}>
        {message?.replyToId && <Quote id={message.replyToId} />}
        {template && (
          <span class="tpl">
            <Icon name="template" />
            {`${words.template} · ${templateTitle(template.name)}`}
          </span>
        )}
        {(message ? hasKind(message) : part?.files.length) && <Kind message={message} part={part} />}
        {text !== '' && <RichText text={text} />}
        {cut && <SeeAll onPress={showAll} />}
        <span class="meta">
          {message?.recovered && <Icon name="recovered" />}
          <time dateTime={createdAt} translate={false}>
            {planned
              ? formatWhenLong(zone, words, message.dueAt ?? createdAt, now.value)
              : fill(message?.recovered ? words.recoveredMark : '{t}', { t: formatTime(zone, createdAt) })}
          </time>
          {out && <StatusMark status={shownStatus} words={words} />}
        </span>
      </div>
      {message?.status === 'failed' && message.error && <FailedCard message={message} error={message.error} isRetried={isRetried} />}
      {message && doubt && <DoubtCard message={message} />}
      {unsent && isEnd && (refused || unsent.state === 'late') && <UnsentCard unsent={unsent} />}
      {message && plans && <Plan message={message} />}
      {message && (held || late) && message.author.id === me && <UndoSend message={message} isLate={late} onLate={() => setLate(true)} />}
      {message && !plans && (isLastOwn || status === 'canceled') && <UnderWords message={message} />}
    </div>
  )
}

/** Who wrote it, when it was not I. */
function By({ message: { author }, me }: { message: Message; me: string | null }) {
  const { words } = useShared()
  if (author.type === 'agent')
    return author.id === me ? null : (
      <span class="by" translate={false}>
        {author.name}
      </span>
    )
  if (author.type === 'contact') return null
  return (
    <span class="by">
      <Icon name="bolt" />
      {author.type === 'automation' ? words.automation : author.type === 'campaign' ? words.campaign : author.name || words.system}
    </span>
  )
}
