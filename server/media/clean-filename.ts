// The name of a file as it may be shown, kept and given back: a name alone, whole signs, and the ending of what it is.
import { endingsOf } from '../../shared/media-policy.ts'
import { signsOf } from '../../shared/signs.ts'

/** The most that file systems take for a name. */
const MOST_BYTES = 255

/** Control and format signs: unseen, or such that turn the reading direction, so that `gpj.exe` reads as a picture. Joiners are of words. */
const unseen = /[\p{Cc}\p{Zl}\p{Zp}]|(?![\u200c\u200d])\p{Cf}/gu

/** Null: nothing that is a name is left. */
export function cleanFilename(given: string | null, contentType: string): string | null {
  const last = (given ?? '').toWellFormed().normalize('NFC').split(/[/\\]/).at(-1) ?? ''
  const plain = last
    .replace(unseen, '')
    .replace(/["*:<>?|]/g, '_')
    .replace(/\s+/gu, ' ')
    .replace(/^[. ]+|[. ]+$/g, '')
  if (plain === '') return null
  const endings = endingsOf(contentType)
  const [, stem = plain, ending = ''] = /^(.+)\.([^.]*)$/.exec(plain) ?? []
  if (endings.length === 0) return fitting(plain, '')
  // Whatever opens it goes by the ending: it says what the bytes are.
  return endings.includes(ending.toLowerCase()) ? fitting(stem, `.${ending}`) : fitting(plain, `.${endings[0]}`)
}

function fitting(stem: string, ending: string): string | null {
  let left = MOST_BYTES - Buffer.byteLength(ending)
  let name = ''
  for (const sign of signsOf(stem)) {
    left -= Buffer.byteLength(sign)
    if (left < 0) break
    name += sign
  }
  name = name.replace(/[. ]+$/, '')
  return name === '' ? null : name + ending
}
