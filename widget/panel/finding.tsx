// While the conversation of a record or a number is looked for; and when there is none to be had.
import { Empty, Skeleton } from './empty.tsx'
import { Icon } from './icon.tsx'
import { problemText } from './problem-text.ts'
import { type View, useShared } from './shared-state.ts'
import { Strip } from './strip.tsx'
import { useDelayed } from './use-delayed.ts'

/** Back, a title, close. */
export function SimpleHead({ title }: { title: string }) {
  const { words, inline, go, close } = useShared()
  return (
    <div class="head thead">
      {!inline && (
        <button type="button" class="ib" aria-label={words.back} onClick={() => go({ at: 'inbox' })}>
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
  const slow = useDelayed(view.problem === null, 200)
  return (
    <div class="view">
      <SimpleHead title={view.target.name ?? words.messages} />
      <Strip />
      <div class="body ruled" aria-busy={view.problem === null}>
        {slow && <Skeleton />}
        {view.problem !== null && (
          <Empty icon={view.problem === 'not_found' || view.problem === 'forbidden' ? 'lock' : 'alert'} title={words.cannotOpen}>
            <p>
              {view.problem === 'not_found' || view.problem === 'forbidden'
                ? words.noAccess
                : problemText(words, view.problem, { channel: words[view.target.channel ?? 'whatsapp'] })}
            </p>
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
