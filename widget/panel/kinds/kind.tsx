// The parts of a message besides its words: pictures, voice, files, a place, a contact, the advert it came from.
import type { UnsentPart } from '../../client/client.ts'
import { fill } from '../../locales/format.ts'
import { formatPhone } from '../../locales/format-phone.ts'
import type { Message } from '../../../shared/model.ts'
import { addStyles } from '../adopt-styles.ts'
import { Icon } from '../icon.tsx'
import type { IconName } from '../icons.ts'
import { messageKind } from '../message-kind.ts'
import { useShared } from '../shared-state.ts'
import css from './kind.css?inline'
import { kindWords } from './kind-words.ts'
import { FileTile } from './file-tile.tsx'
import { isPicture, Pictures } from './pictures.tsx'
import { Tile } from './tile.tsx'
import { useFresh } from './use-fresh.ts'
import { useLocal } from './use-local.ts'
import { Video } from './video.tsx'
import { Voice } from './voice.tsx'

addStyles(css)

export type Media = Message['media'][number] & {
  /** Of a file of this page, until the server's own is drawn over it. */
  picture?: ImageBitmap | null
}

/** Of a message, or of one of ours that is on its way to the server. */
export function Kind({ message, part }: { message: Message | null; part: UnsentPart | null }) {
  const { words, find, appearance } = useShared()
  const own = kindWords(appearance.value.locale)
  const { type, forwarded, referral, location, contacts, channel, erased }: Partial<Message> = message ?? {}
  const { media: served, refresh } = useFresh(message)
  const media = useLocal(served, part)
  const pictures = media.filter(isPicture)
  const kind = type && messageKind(words, type)
  const nothing = kind && media.length === 0 && !location && !contacts && !erased
  return (
    <>
      {forwarded && <Mark icon="right" word={own.forwarded} />}
      {type === 'button' && <Mark icon="tick" word={own.pressedButton} />}
      {referral && (
        <span class="refer">
          <span class="muted">{own.advert}</span>
          <b>{referral.headline}</b>
          {referral.body}
        </span>
      )}
      {pictures.length > 0 && <Pictures pictures={pictures} own={own} onLost={refresh} />}
      {media
        .filter((one) => !pictures.includes(one))
        .map((one) => {
          const kind = isThere(one) ? one.contentType.replace(/\/.*/, '') : ''
          const Shown = kind === 'audio' ? Voice : kind === 'video' ? Video : FileTile
          return <Shown key={one.id} media={one} own={own} onLost={refresh} />
        })}
      {location && (
        <Tile icon="pin" title={location.label ?? words.location} text={location.address ?? `${location.latitude}, ${location.longitude}`}>
          <a
            class="ib"
            href={`https://www.openstreetmap.org/?mlat=${location.latitude}&mlon=${location.longitude}#map=16/${location.latitude}/${location.longitude}`}
            target="_blank"
            rel="noopener noreferrer"
            aria-label={own.map}
            title={own.map}
          >
            <Icon name="right" class="s16" />
          </a>
        </Tile>
      )}
      {contacts?.map(({ name, phones: [phone, ...more] }) => (
        <Tile
          key={name}
          icon="card"
          title={name}
          text={phone ? [phone, ...more].map((one) => formatPhone(one.replace(/[^+\d]/g, ''))).join(' · ') : own.noPhone}
        >
          {phone && (
            <button
              type="button"
              class="ib"
              aria-label={fill(own.writeTo, { name })}
              title={fill(own.writeTo, { name })}
              onClick={() => find({ phone, name, ...(channel && { channel }) })}
            >
              <Icon name="plus" class="s16" />
            </button>
          )}
        </Tile>
      ))}
      {nothing && <Mark icon={kind.icon} word={kind.word} />}
      {erased && <Mark icon="clock" word={own.erased} />}
    </>
  )
}

/** Whether there is something to look at. */
export const isThere = ({ state, url }: Media): boolean => state === 'ready' && url !== ''

function Mark({ icon, word }: { icon: IconName; word: string }) {
  return (
    <span class="kind">
      <Icon name={icon} />
      {word}
    </span>
  )
}
