// The parts of a message besides its words: pictures, voice, files, a place, a contact, the advert it came from.
import { signStart } from '../../../shared/signs.ts'
import type { ComponentChildren } from 'preact'
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
import { Pictures } from './pictures.tsx'
import { Voice } from './voice.tsx'

addStyles(css)

export type Media = Message['media'][number]
const KILO = 1000
/** A longer file name is cut in the middle: its end says what it is. */
const LONG = 16
const END = 10

export function Kind({ message }: { message: Message }) {
  const { words, find, appearance } = useShared()
  const own = kindWords(appearance.value.locale)
  const { type, forwarded, referral, location, contacts, media } = message
  const pictures = media.filter((one) => one.contentType.startsWith('image/') && one.state === 'ready' && one.url !== '')
  const kind = messageKind(words, type)
  const nothing = kind && media.length === 0 && !location && !contacts
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
      {pictures.length > 0 && <Pictures pictures={pictures} own={own} />}
      {media
        .filter((one) => !pictures.includes(one))
        .map((one) =>
          one.contentType.startsWith('audio/') && one.state === 'ready' && one.url !== '' ? (
            <Voice key={one.id} media={one} own={own} />
          ) : (
            <FileTile key={one.id} media={one} />
          ),
        )}
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
          text={[phone, ...more].map((one) => formatPhone((one ?? '').replace(/[^+\d]/g, ''))).join(' · ')}
        >
          {phone && (
            <button
              type="button"
              class="ib"
              aria-label={fill(own.writeTo, { name })}
              title={fill(own.writeTo, { name })}
              onClick={() => find({ phone, name, channel: message.channel })}
            >
              <Icon name="plus" class="s16" />
            </button>
          )}
        </Tile>
      ))}
      {nothing && <Mark icon={kind.icon} word={kind.word} />}
    </>
  )
}

function Mark({ icon, word }: { icon: IconName; word: string }) {
  return (
    <span class="kind">
      <Icon name={icon} />
      {word}
    </span>
  )
}

interface TileProps {
  icon: IconName
  title: string
  /** Its last so many characters are never cut. */
  keep?: number
  text: string
  isWrong?: boolean
  children?: ComponentChildren
}

function Tile({ icon, title, keep = 0, text, isWrong, children }: TileProps) {
  const end = signStart(title, title.length - keep)
  return (
    <span class={isWrong ? 'tile danger' : 'tile'}>
      <Icon name={icon} />
      <span class="what">
        <b title={title}>
          <span class="cut">{title.slice(0, end)}</span>
          <span class="end">{title.slice(end)}</span>
        </b>
        <span class="t">{text}</span>
      </span>
      {children}
    </span>
  )
}

/** A file, or what became of it. */
function FileTile({ media }: { media: Media }) {
  const { words, appearance, zone } = useShared()
  const own = kindWords(appearance.value.locale)
  const { state, url, contentType, filename, size } = media
  const usual = contentType.startsWith('image/') ? own.picture : contentType.startsWith('audio/') ? own.voice : words.attachment
  const name = filename ?? usual
  const ready = [contentType.replace(/^.*[/.+-]/, '').toUpperCase(), size === null ? '' : sizeText(zone.locale, size)]
    .filter(Boolean)
    .join(' · ')
  const text = state === 'pending' ? own.pending : state === 'failed' ? own.failed : state === 'blocked' ? own.blocked : ready
  return (
    <Tile
      icon={state === 'blocked' ? 'ban' : 'doc'}
      title={name}
      keep={name.length > LONG ? END : 0}
      text={text}
      isWrong={state === 'failed' || state === 'blocked'}
    >
      {state === 'ready' && url !== '' && (
        <a class="ib" href={url} target="_blank" rel="noopener noreferrer" download aria-label={fill(own.download, { name })}>
          <Icon name="newest" class="s16" />
        </a>
      )}
    </Tile>
  )
}

function sizeText(locale: string, bytes: number): string {
  const mega = bytes >= KILO * KILO
  const number = new Intl.NumberFormat(locale, { maximumFractionDigits: mega ? 1 : 0 }).format(bytes / (mega ? KILO * KILO : KILO))
  return `${number}\u00a0${mega ? 'MB' : 'kB'}`
}
