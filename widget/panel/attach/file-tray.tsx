// Above the text: the files that go with it, and whatever keeps them from going.
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks'
import { MOST_FILES, typesToChoose } from '../../../shared/media-policy.ts'
import type { OwnConversation } from '../../../shared/model.ts'
import { faultOfFiles } from '../../../shared/split-media.ts'
import { give, type Tray } from '../attached.ts'
import { Icon } from '../icon.tsx'
import { isTouchScreen } from '../may-focus.ts'
import { useShared } from '../shared-state.ts'
import { useScene } from '../thread-scene.ts'
import { useAttachWords } from './attach-words.ts'
import { createTray } from './create-tray.ts'
import { FileRow } from './file-row.tsx'

const CAMERA =
  'M4.25 6.25h2l1.25-2h5l1.25 2h2a1.5 1.5 0 0 1 1.5 1.5v6.5a1.5 1.5 0 0 1-1.5 1.5H4.25a1.5 1.5 0 0 1-1.5-1.5v-6.5a1.5 1.5 0 0 1 1.5-1.5ZM7.25 10.75a2.75 2.75 0 1 0 5.5 0a2.75 2.75 0 1 0-5.5 0Z'
/** As many names as one reads at a glance. */
const NAMED = 2

export function FileTray({ conversation, text }: { conversation: OwnConversation; text: string }) {
  const { channel, sender, contact } = conversation
  const own = useAttachWords()
  if (faultOfFiles({ channel, sender, address: contact.address }, [])?.fault === 'no_mms') return <Cannot why={own.noMms} />
  return <OpenTray conversation={conversation} text={text} />
}

/** No file goes to this client, whatever it is. */
function Cannot({ why }: { why: string }) {
  const own = useAttachWords()
  const { attached } = useScene()
  const given = attached.given.value
  useLayoutEffect(() => {
    if (given?.length) attached.given.value = []
  }, [given])
  return (
    <div class="filetray">
      <p class="trayline" role="alert">
        <Icon name="alert" />
        <span>{why}</span>
        <button type="button" class="ib mini" aria-label={own.close} onClick={() => (attached.given.value = null)}>
          <Icon name="close" class="s14" />
        </button>
      </p>
    </div>
  )
}

function OpenTray({ conversation, text }: { conversation: OwnConversation; text: string }) {
  const { client, announce } = useShared()
  const own = useAttachWords()
  const { attached, focus } = useScene()
  const { channel } = conversation
  const [tray] = useState(() => attached.tray.peek() ?? createTray(client, channel, () => (attached.tray.value = null)))
  const given = attached.given.value
  const files = tray.files.value
  const isBusy = tray.isBusy.value
  const wasBusy = useRef(isBusy)

  useLayoutEffect(() => {
    if (!given?.length) return
    attached.given.value = null
    attached.tray.value = tray
    tray.add(given)
    focus.value++
  }, [given])
  useEffect(() => {
    if (wasBusy.current && !isBusy && files.length > 0) announce(own.ready)
    wasBusy.current = isBusy
  }, [isBusy])

  function remove(key: number, button: HTMLElement): void {
    const row = button.closest('li')
    const next = (row?.nextElementSibling ?? row?.previousElementSibling)?.querySelector<HTMLElement>('[data-remove]')
    tray.remove((file) => file.key === key)
    if (next) next.focus()
    else focus.value++
  }

  return (
    // biome-ignore lint/a11y/useSemanticElements: a part of the field, not of a form
    <div class="filetray" role="group" aria-label={own.files}>
      {files.length > 0 && (
        <ul class="trayfiles">
          {files.map((file) => (
            <FileRow
              key={file.key}
              file={file}
              channel={channel}
              onRemove={(button) => remove(file.key, button)}
              onRetry={() => tray.retry(file.key)}
            />
          ))}
        </ul>
      )}
      <Left tray={tray} />
      <p class="trayline" role="status">
        <Hint tray={tray} text={text} />
      </p>
      <Choose accept={typesToChoose(channel)} />
    </div>
  )
}

/** Those that were too many, by their names. */
function Left({ tray }: { tray: Tray }) {
  const { say } = useShared()
  const own = useAttachWords()
  const left = tray.left.value
  if (left.length === 0) return null
  const more = left.length - NAMED
  const names = left.slice(0, NAMED).join(', ') + (more > 0 ? ` ${say(own.andMore, { n: more })}` : '')
  return (
    <p class="trayline" role="alert" title={left.join('\n')}>
      <Icon name="alert" />
      <span dir="auto">{say(own.left, { max: MOST_FILES, names })}</span>
      <button
        type="button"
        class="ib mini"
        aria-label={own.close}
        onClick={() => {
          tray.left.value = []
          // Ends it where nothing else is there.
          tray.remove(() => false)
        }}
      >
        <Icon name="close" class="s14" />
      </button>
    </p>
  )
}

/** Why they cannot go yet, or how they will. */
function Hint({ tray, text }: { tray: Tray; text: string }) {
  const { say } = useShared()
  const own = useAttachWords()
  const files = tray.files.value
  if (files.some(({ state }) => state === 'refused'))
    return (
      <>
        {own.cannotGo}{' '}
        <button type="button" class="link" onClick={() => tray.remove(({ state }) => state === 'refused')}>
          {own.removeRefused}
        </button>
      </>
    )
  if (files.some(({ state }) => state === 'waiting' || state === 'uploading')) return own.still
  if (files.length === 0 || tray.isBusy.value) return null
  const [first, ...others] = tray.split(text)
  if (first?.files.length === 0) return own.aside
  return others.length > 0 ? say(own.several, { n: others.length + 1 }) : null
}

/** The browser's own chooser; on a phone also its camera. */
function Choose({ accept }: { accept: string }) {
  const own = useAttachWords()
  const { attached } = useScene()
  const all = useRef<HTMLInputElement>(null)
  const camera = useRef<HTMLInputElement>(null)
  const given = attached.given.value
  const isAsked = given?.length === 0
  const hasCamera = isTouchScreen()
  useEffect(() => {
    if (isAsked && !hasCamera) all.current?.click()
  }, [given])
  // Elsewhere nothing opens by itself.
  useEffect(
    () => () => {
      if (attached.given.peek()?.length === 0) attached.given.value = null
    },
    [],
  )

  const stop = () => {
    attached.given.value = null
  }
  function chosen(input: HTMLInputElement): void {
    const files = [...(input.files ?? [])]
    if (files.length > 0) give(attached, files)
    input.value = ''
  }
  return (
    <>
      <input ref={all} type="file" multiple hidden accept={accept} onChange={(event) => chosen(event.currentTarget)} onCancel={stop} />
      {hasCamera && isAsked && (
        <div class="trayways">
          <input
            ref={camera}
            type="file"
            hidden
            accept="image/*"
            capture="environment"
            onChange={(event) => chosen(event.currentTarget)}
            onCancel={stop}
          />
          <button type="button" class="btn" onClick={() => camera.current?.click()}>
            <Icon name={CAMERA} />
            {own.camera}
          </button>
          <button type="button" class="btn" onClick={() => all.current?.click()}>
            <Icon name="attach" />
            {own.choose}
          </button>
          <button type="button" class="ib" aria-label={own.close} onClick={stop}>
            <Icon name="close" class="s14" />
          </button>
        </div>
      )}
    </>
  )
}
