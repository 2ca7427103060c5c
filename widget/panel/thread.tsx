// One conversation: header, record, connection, messages, and where one writes.
import { useEffect, useMemo, useRef, useState } from 'preact/hooks'
import type { OwnConversation } from '../../shared/model.ts'
import type { Target } from '../client/panel.ts'
import { Composer } from './composer.tsx'
import { BubbleSkeleton, Empty, Skeleton } from './empty.tsx'
import { LoadError } from './inbox.tsx'
import { loadFollow } from './load-follow.ts'
import { onDemand } from './on-demand.tsx'
import { isField, isPlain } from './own-events.ts'
import { RecordLine } from './record-line.tsx'
import { useShared } from './shared-state.ts'
import { Strip } from './strip.tsx'
import { ThreadHead } from './thread-head.tsx'
import { createScene, SceneContext, useScene } from './thread-scene.ts'
import { Transcript } from './transcript.tsx'
import { useDelayed } from './use-delayed.ts'

const Start = onDemand(async () => (await import('./nothing/nothing-chunk.ts')).nothing.Start)
const Wanted = onDemand(async () => (await import('./forms/forms.ts')).forms.Wanted)
const UnfiledStrip = onDemand(async () => (await import('./filing/filing.ts')).filing.UnfiledStrip)

export function ThreadView({ conversationId, target }: { conversationId: string; target: Target }) {
  const { client, attached } = useShared()
  const scene = useMemo(
    () => createScene(client.openThread(conversationId), client.conversation(conversationId), target.draft ?? '', attached),
    [client, conversationId],
  )
  useEffect(() => () => scene.thread.close(), [scene])

  // Asked for again while it is open: what was written stays.
  useEffect(() => {
    if (target.draft && scene.text.peek() === '') scene.edit(target.draft)
  }, [target])

  return (
    <SceneContext.Provider value={scene}>
      {target.template && <Wanted template={target.template} />}
      <ThreadParts />
    </SceneContext.Provider>
  )
}

const DropTarget = onDemand(async () => (await import('./attach/attach.ts')).attach.DropTarget)
const Presence = onDemand(async () => (await import('./presence/presence.tsx')).Presence)
const PageLine = onDemand(async () => (await import('./page/page-line.tsx')).PageLine)

const StateLine = onDemand(async () => (await loadFollow()).StateLine)
const RoundBar = onDemand(async () => (await import('./round/round.tsx')).RoundBar)

function ThreadParts() {
  const { client, words, inline, round, context, me, go } = useShared()
  const before = useRef(context.peek())
  const { coordinationId: page } = context.value
  const { thread, conversation: known, mode } = useScene()
  const conversation = known.value
  const [dragged, setDragged] = useState(false)
  const state = thread.state.value
  const skeleton = useDelayed(state === 'loading', 200)

  function onKeyDown(event: KeyboardEvent): void {
    // In a field Alt types: with N on a Mac it begins ñ and ã.
    if (event.altKey && event.code === 'KeyN' && !isField(event.target)) {
      event.preventDefault()
      mode.value = { at: mode.value.at === 'note' ? 'text' : 'note' }
    } else if (isPlain(event) && (event.key === 'e' || event.key === 'u') && !isField(event.target)) {
      event.preventDefault()
      void client.update(thread.conversationId, { answered: event.key === 'e' })
    } else if (event.key === 'Escape' && mode.value.at !== 'text') {
      event.preventDefault()
      event.stopPropagation()
      mode.value = { at: 'text' }
    }
  }

  function onDrag(event: DragEvent): void {
    if (!event.dataTransfer?.types.includes('Files')) return
    // Else the browser leaves the page for the file.
    event.preventDefault()
    setDragged(true)
  }

  if (!conversation)
    return (
      <div class="view">
        <div class="head">
          <span class="grow" />
          <button type="button" class="btn quiet" onClick={() => go({ at: 'inbox' })}>
            {words.back}
          </button>
        </div>
        <Strip />
        <div class="body" aria-busy={state === 'loading'}>
          {skeleton && <Skeleton />}
          {state === 'gone' && <Empty icon="lock" title={words.gone} />}
          {state === 'error' && <LoadError onRetry={() => void thread.reload()} />}
        </div>
      </div>
    )
  const isEmpty = state === 'ready' && thread.messages.value.length === 0 && thread.unsent.value.length === 0
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: shortcuts of the whole thread
    <div class="view" onKeyDown={onKeyDown} onDragOver={onDrag} onDrop={onDrag}>
      {dragged && <DropTarget conversation={conversation} onLeave={() => setDragged(false)} />}
      <ThreadHead conversation={conversation} />
      <RecordLine conversation={conversation} />
      <Strip />
      {conversation.status !== 'open' && <StateLine conversation={conversation} />}
      {round.value && <RoundBar conversation={conversation} />}
      {!inline && context.value !== before.current && page !== undefined && page !== conversation.coordinationId && (
        <PageLine coordinationId={page} />
      )}
      {conversation.coordinationId !== null && <Unfiled conversation={conversation} coordinationId={conversation.coordinationId} />}
      {isEmpty ? (
        <div class="body">
          <Start conversation={conversation} />
        </div>
      ) : state === 'ready' || thread.messages.value.length > 0 ? (
        <Transcript conversation={conversation} />
      ) : (
        <div class="body" aria-busy={state === 'loading'}>
          {skeleton && <BubbleSkeleton />}
          {state === 'error' && <LoadError onRetry={() => void thread.reload()} />}
        </div>
      )}
      {thread.presence.value.some((one) => one.replying && one.id !== me) && <Presence />}
      <Composer conversation={conversation} />
    </div>
  )
}

/** The unfiled messages of this client. */
function Unfiled(props: { conversation: OwnConversation; coordinationId: string }) {
  const unfiled = useShared().client.unfiled(props.coordinationId).value
  return unfiled.count > 0 ? <UnfiledStrip {...props} unfiled={unfiled} /> : null
}
