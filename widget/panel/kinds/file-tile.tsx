// A file, or what became of it: on its way, not fetched and why, or there to be downloaded.
import { useState } from 'preact/hooks'
import { fill } from '../../locales/format.ts'
import { Icon } from '../icon.tsx'
import { useShared } from '../shared-state.ts'
import type { Media } from './kind.tsx'
import type { KindWords } from './kind-words.ts'
import { Tile } from './tile.tsx'

const KILO = 1000
/** A longer file name is cut in the middle: its end says what it is. */
const LONG = 16
const END = 10

export function FileTile({ media, own }: { media: Media; own: KindWords }) {
  const { words, zone } = useShared()
  const { state, url, contentType, filename, size, reason } = media
  const name = filename ?? usualName(contentType, own) ?? words.attachment
  const ready = [contentType.replace(/^.*[/.+-]|;.*$/g, '').toUpperCase(), size === null ? '' : sizeText(zone.locale, size)]
    .filter(Boolean)
    .join(' · ')
  const text = state === 'pending' ? own.pending : state === 'failed' ? own.failed : state === 'blocked' ? own[reason ?? 'address'] : ready
  return (
    <Tile
      icon={state === 'blocked' ? 'ban' : 'doc'}
      title={name}
      keep={name.length > LONG ? END : 0}
      text={text}
      isWrong={state === 'failed' || state === 'blocked'}
      isComing={state === 'pending'}
    >
      {state === 'failed' && <Retry media={media} own={own} />}
      {state === 'ready' && url !== '' && (
        <a class="ib" href={url} target="_blank" rel="noopener noreferrer" download aria-label={fill(own.download, { name })}>
          <Icon name="newest" class="s16" />
        </a>
      )}
    </Tile>
  )
}

/** What it is, where it has no name. */
function usualName(contentType: string, own: KindWords): string | null {
  if (contentType === 'image/webp') return own.sticker
  if (contentType.startsWith('image/')) return own.picture
  if (contentType.startsWith('audio/')) return own.voice
  return contentType.startsWith('video/') ? own.video : null
}

/** That it is fetched again is told as any other change. */
function Retry({ media, own }: { media: Media; own: KindWords }) {
  const { client } = useShared()
  const [asked, setAsked] = useState(false)
  return (
    <button
      type="button"
      class="btn small quiet"
      disabled={asked}
      onClick={() => {
        setAsked(true)
        void client.http('POST', `/api/media/${encodeURIComponent(media.id)}/retry`).then(({ ok }) => {
          if (!ok) setAsked(false)
        })
      }}
    >
      {own.retry}
    </button>
  )
}

function sizeText(locale: string, bytes: number): string {
  const mega = bytes >= KILO * KILO
  const number = new Intl.NumberFormat(locale, { maximumFractionDigits: mega ? 1 : 0 }).format(bytes / (mega ? KILO * KILO : KILO))
  return `${number}\u00a0${mega ? 'MB' : 'kB'}`
}
