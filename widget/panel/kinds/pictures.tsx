// Pictures of one message: up to four in the bubble, all of them large in the top layer.
import { useLayoutEffect, useRef, useState } from 'preact/hooks'
import { fill } from '../../locales/format.ts'
import { Icon } from '../icon.tsx'
import { isPlain } from '../own-events.ts'
import { useShared } from '../shared-state.ts'
import { isThere, type Media } from './kind.tsx'
import type { KindWords } from './kind-words.ts'

const SHOWN = 4
/** WhatsApp sends stickers as this, and pictures never. */
const STICKER = 'image/webp'

/** One that is there, or that has its place while it comes. */
export const isPicture = (one: Media): boolean =>
  one.contentType.startsWith('image/') && (isThere(one) || one.state === 'pending' || !!one.picture)

export function Pictures({ pictures, own, onLost }: { pictures: readonly Media[]; own: KindWords; onLost(): void }) {
  const [at, setAt] = useState<number | null>(null)
  const rest = pictures.length - SHOWN
  const there = pictures.filter(isThere)
  const nameOf = (one: Media) => one.filename ?? (one.contentType === STICKER ? own.sticker : own.picture)
  return (
    <>
      <span class={pictures.every(({ contentType }) => contentType === STICKER) ? 'pics stick' : 'pics'}>
        {pictures.slice(0, SHOWN).map((one, index) => {
          const more = rest > 0 && index === SHOWN - 1 ? `+${rest}` : ''
          if (!isThere(one) && !one.picture) return <span key={index} class="pic coming" role="img" aria-label={own.pending} />
          return (
            <button
              key={index}
              type="button"
              class="pic"
              disabled={!isThere(one)}
              aria-label={`${fill(own.open, { name: nameOf(one) })} ${more}`}
              onClick={() => setAt(there.indexOf(one))}
            >
              {one.picture && <Local picture={one.picture} />}
              {isThere(one) && (
                <img
                  src={one.preview ?? one.url}
                  alt=""
                  width={one.width}
                  height={one.height}
                  loading="lazy"
                  decoding="async"
                  onError={onLost}
                />
              )}
              {more && <span class="rest">{more}</span>}
            </button>
          )
        })}
      </span>
      {at !== null && <Lightbox pictures={there} own={own} from={at} onClose={() => setAt(null)} />}
    </>
  )
}

/** Drawn, not shown by an address: a host's policy may allow pictures of the chat server alone. */
function Local({ picture }: { picture: ImageBitmap }) {
  const canvas = useRef<HTMLCanvasElement>(null)
  useLayoutEffect(() => canvas.current?.getContext('2d')?.drawImage(picture, 0, 0), [picture])
  return <canvas ref={canvas} width={picture.width} height={picture.height} />
}

function Lightbox({ pictures, own, from, onClose }: { pictures: Media[]; own: KindWords; from: number; onClose(): void }) {
  const { words } = useShared()
  const [at, setAt] = useState(from)
  const dialog = useRef<HTMLDialogElement>(null)
  useLayoutEffect(() => dialog.current?.showModal(), [])
  const one = pictures[at]
  if (!one) return null
  const go = (step: number) => setAt((at + step + pictures.length) % pictures.length)
  return (
    <dialog
      ref={dialog}
      class="lightbox"
      aria-label={one.filename ?? own.picture}
      onCancel={onClose}
      onKeyDown={(event) => {
        event.stopPropagation()
        if (event.key === 'ArrowRight' && isPlain(event)) go(1)
        else if (event.key === 'ArrowLeft' && isPlain(event)) go(-1)
        else if (event.key === 'Escape') {
          event.preventDefault()
          dialog.current?.close()
          onClose()
        }
      }}
    >
      <div class="bar">
        <span>{`${at + 1} / ${pictures.length}`}</span>
        {pictures.length > 1 && (
          <>
            <button type="button" class="ib" aria-label={own.previous} onClick={() => go(-1)}>
              <Icon name="back" />
            </button>
            <button type="button" class="ib" aria-label={own.next} onClick={() => go(1)}>
              <Icon name="right" />
            </button>
          </>
        )}
        <button
          type="button"
          class="ib"
          aria-label={words.close}
          onClick={() => {
            dialog.current?.close()
            onClose()
          }}
        >
          <Icon name="close" />
        </button>
      </div>
      <img src={one.url} alt={one.filename ?? own.picture} />
    </dialog>
  )
}
