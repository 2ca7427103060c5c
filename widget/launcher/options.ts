// The options of a host, by `init()` or on the script tag. Wrong values are refused with a sentence, not guessed.
import type { TokenOptions } from '../client/token.ts'
import type { RecordWord, Theme } from '../client/panel.ts'

export interface InitOptions extends TokenOptions {
  /** `es`, `en`, `pt`; else the page's language, else the browser's. */
  locale?: string
  theme?: Theme
  position?: 'left' | 'right'
  /** From the edges; a number is px. */
  offset?: number | string
  zIndex?: number | string
  hideButton?: boolean
  /** The number of unread messages in front of the page's title. */
  titleBadge?: boolean
  /** The host's word for a record: `{ one: 'turno', many: 'turnos' }`. */
  recordWord?: RecordWord
  /** The panel stays open, where and as wide as it was, over page changes and reloads of this tab. */
  remember?: boolean
  /** The page's root gets a padding as wide as the panel while it is docked. */
  makeRoom?: boolean
  /** Address of the host's worker file, for notifications while no page is open. */
  worker?: string
}

/** `data-token-url`, `data-locale`, `data-theme`, `data-position`, `data-offset`, `data-z-index`, `data-hide-button`, `data-title-badge`, `data-worker`, `data-remember`, `data-make-room`, `data-record-word` (`turno/turnos`). */
export function readTag(data: DOMStringMap): InitOptions {
  const { token, tokenUrl, locale, theme, position, offset, zIndex, hideButton, titleBadge, worker, recordWord, remember, makeRoom } = data
  const [one = '', many = one] = (recordWord ?? '').split('/')
  return {
    ...(token ? { token } : {}),
    ...(tokenUrl ? { tokenUrl } : {}),
    ...(locale ? { locale } : {}),
    ...(theme ? { theme: theme as Theme } : {}),
    ...(position ? { position: position as 'left' | 'right' } : {}),
    ...(offset ? { offset } : {}),
    ...(zIndex ? { zIndex } : {}),
    ...(hideButton === undefined ? {} : { hideButton: hideButton !== 'false' }),
    ...(titleBadge === undefined ? {} : { titleBadge: titleBadge !== 'false' }),
    ...(worker ? { worker } : {}),
    ...(remember === undefined ? {} : { remember: remember !== 'false' }),
    ...(makeRoom === undefined ? {} : { makeRoom: makeRoom !== 'false' }),
    ...(one ? { recordWord: { one, many } } : {}),
  }
}

/** Null: fine. */
export function whatIsWrong(options: InitOptions): string | null {
  const { token, getToken, tokenUrl, theme, position, recordWord } = options
  if (token === undefined && getToken === undefined && tokenUrl === undefined) return 'init() needs a token, getToken or tokenUrl.'
  if (getToken !== undefined && typeof getToken !== 'function') return 'getToken must be a function that gives a token.'
  if (theme !== undefined && !['light', 'dark', 'auto'].includes(theme)) return 'theme must be light, dark or auto.'
  if (position !== undefined && !['left', 'right'].includes(position)) return 'position must be left or right.'
  if (recordWord !== undefined && ![recordWord?.one, recordWord?.many].every((word) => word && typeof word === 'string'))
    return 'recordWord must be { one, many }: two words.'
  return null
}

export function tokensOf({ token, getToken, tokenUrl }: InitOptions): TokenOptions {
  return {
    ...(token === undefined ? {} : { token }),
    ...(getToken === undefined ? {} : { getToken }),
    ...(tokenUrl === undefined ? {} : { tokenUrl }),
  }
}
