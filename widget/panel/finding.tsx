// While the conversation of a record or a number is looked for; and when there is none to be had.
import { Empty, Skeleton } from './empty.tsx'
import { Icon } from './icon.tsx'
import { problemText } from './problem-text.ts'
import { type View, useShared } from './shared-state.ts'
import { Strip } from './strip.tsx'
import { useDelayed } from './use-delayed.ts'

/** Back, a title, close. */
export function SimpleHead({ title, onBack }: { title: string; onBack?: () => void }) {
  const { words, inline, go, close } = useShared()
  return (
    <div class="head thead">
      {!inline && (
        <button type="button" class="ib" aria-label={words.back} onClick={onBack ?? (() => go({ at: 'inbox' }))}>
          <Icon name="back" />
        </button>
      )}
      <h2 class="grow cut">{title}</h2>
      {!inline && (
        <button type="button" class="ib close" aria-label={words.close} onClick={close}>
          <Icon name="close" />
        </button>
      )}
    </div>
  )
}

export function Finding({ view }: { view: Extract<View, { at: 'finding' }> }) {
  const { words, find } = useShared()
  const { problem } = view
  const slow = useDelayed(problem === null, 200)
  const hasNoAccess = problem?.code === 'not_found' || problem?.code === 'forbidden'
  return (
    <div class="view">
      <SimpleHead title={view.target.name ?? words.messages} />
      <Strip />
      <div class="body ruled" aria-busy={problem === null}>
        {slow && <Skeleton />}
        {problem !== null && (
          <Empty icon={hasNoAccess ? 'lock' : 'alert'} title={words.cannotOpen}>
            <p>{hasNoAccess ? words.noAccess : problemText(words, problem, { channel: words[view.target.channel ?? 'whatsapp'] })}</p>
            <button type="button" class="btn" onClick={() => find(view.target)}>
              <Icon name="retry" />
              {words.retry}
            </button>
          </Empty>
        )}
      </div>
    </div>
  )
}
