// One file in the tray: what it is, how far it is, why it cannot go, and what one can do with it.
import { useLayoutEffect, useRef } from 'preact/hooks'
import { type MediaKind, mediaKind, mostToSend } from '../../../shared/media-policy.ts'
import type { Channel } from '../../../shared/model.ts'
import { signStart } from '../../../shared/signs.ts'
import type { TrayFile } from '../attached.ts'
import { Icon } from '../icon.tsx'
import type { IconName } from '../icons.ts'
import { useShared } from '../shared-state.ts'
import { useAttachWords } from './attach-words.ts'
import { sizeWords } from './size-words.ts'

/** Names, or the paths of those that only this chunk needs. */
const icons: Readonly<Record<MediaKind, IconName>> = {
  image:
    'M4.75 3.75h10.5a1.5 1.5 0 0 1 1.5 1.5v9.5a1.5 1.5 0 0 1-1.5 1.5H4.75a1.5 1.5 0 0 1-1.5-1.5v-9.5a1.5 1.5 0 0 1 1.5-1.5ZM3.5 14l4-4 3.5 3.5 2-2 3.5 3.5M12.5 7.5v.1',
  video:
    'M4.25 5.25h7a1.5 1.5 0 0 1 1.5 1.5v6.5a1.5 1.5 0 0 1-1.5 1.5h-7a1.5 1.5 0 0 1-1.5-1.5v-6.5a1.5 1.5 0 0 1 1.5-1.5ZM12.75 8.75l4.5-2.5v7.5l-4.5-2.5',
  audio: 'M7.25 14.75V5.25l8.5-1.75v9.5M3.25 14.75a2 2 0 1 0 4 0a2 2 0 1 0-4 0ZM11.75 13a2 2 0 1 0 4 0a2 2 0 1 0-4 0Z',
  contacts: 'card',
  document: 'doc',
}

/** A longer name is cut in the middle: its end says what it is. */
const LONG = 20
const END = 10

interface RowProps {
  file: TrayFile
  channel: Channel
  onRemove(button: HTMLElement): void
  onRetry(): void
}

export function FileRow({ file, channel, onRemove, onRetry }: RowProps) {
  const { words, say } = useShared()
  const own = useAttachWords()
  const { name, state, part } = file
  const shown = name || words.attachment
  const end = signStart(shown, shown.length - (shown.length > LONG ? END : 0))
  const isWrong = state === 'refused' || state === 'failed'
  return (
    <li class={isWrong ? 'trayfile danger' : 'trayfile'}>
      <Thumb file={file} />
      <span class="what">
        <b title={shown} dir="auto">
          <span class="cut">{shown.slice(0, end)}</span>
          <span class="end">{shown.slice(end)}</span>
        </b>
        <span class="t">
          <Says file={file} channel={channel} />
        </span>
        {state === 'uploading' && <progress max={1} value={part} aria-label={shown} />}
      </span>
      {state === 'failed' && (
        <button type="button" class="btn small quiet" aria-label={say(own.retryOf, { name: shown })} onClick={onRetry}>
          {own.retry}
        </button>
      )}
      <button
        type="button"
        class="ib mini"
        data-remove
        aria-label={say(own.remove, { name: shown })}
        title={say(own.remove, { name: shown })}
        onClick={(event) => onRemove(event.currentTarget)}
      >
        <Icon name="close" class="s14" />
      </button>
    </li>
  )
}

function Says({ file, channel }: { file: TrayFile; channel: Channel }) {
  const { client, words, zone, say } = useShared()
  const own = useAttachWords()
  const { state, size, fault, part, contentType } = file
  if (fault) {
    const max = sizeWords(zone.locale, mostToSend(channel, contentType) ?? 0)
    return <>{say(own[fault], { channel: words[channel], max })}</>
  }
  if (state === 'failed') return <>{own.failed}</>
  const link = client.link.value
  const isAway = link !== 'online' && link !== 'slow'
  const progress = `${own.uploading} ${new Intl.NumberFormat(zone.locale, { style: 'percent' }).format(part)}`
  const says = { waiting: isAway ? own.offline : own.waiting, uploading: progress, ready: '', refused: '' }[state]
  return <>{[sizeWords(zone.locale, size), says].filter(Boolean).join(' · ')}</>
}

/** Drawn, not shown by an address: a host's policy may allow pictures of the chat server alone. */
function Thumb({ file: { picture, contentType } }: { file: TrayFile }) {
  const canvas = useRef<HTMLCanvasElement>(null)
  useLayoutEffect(() => {
    if (picture) canvas.current?.getContext('2d')?.drawImage(picture, 0, 0)
  }, [picture])
  if (picture) return <canvas ref={canvas} class="thumb" width={picture.width} height={picture.height} />
  return (
    <span class="thumb">
      <Icon name={icons[mediaKind(contentType) ?? 'document']} />
    </span>
  )
}
