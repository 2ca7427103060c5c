// Which signs make an SMS dear, and the text without them: one sign outside of GSM 03.38 halves what fits into a segment.
import { countSegments, isGsm } from '../../../shared/segments.ts'

const plain: Readonly<Record<string, string>> = {
  ...{ '“': '"', '”': '"', '„': '"', '«': '"', '»': '"', '‘': "'", '’': "'", '‚': "'", '´': "'", '`': "'" },
  ...{ '–': '-', '—': '-', '−': '-', '•': '-', '…': '...', '\u00a0': ' ', '\u202f': ' ', '\u200b': '', º: 'o', ª: 'a' },
}

/** What it is written as instead; itself where there is nothing near. */
function toGsm(sign: string): string {
  if (isGsm(sign)) return sign
  const near = plain[sign] ?? sign.normalize('NFD').replace(/\p{M}/gu, '')
  return [...near].every(isGsm) ? near : sign
}

export interface Dear {
  /** Each once, in their order. */
  signs: string[]
  plain: string
  /** How many SMS it is then. */
  segments: number
}

/** Null where another spelling saves nothing. What has no other spelling, as an emoji, stays and is named. */
export function dearSigns(text: string): Dear | null {
  const whole = text.normalize('NFC')
  const other = [...whole].map(toGsm).join('')
  const signs = [...new Set([...whole].filter((sign) => !isGsm(sign)))]
  const { segments } = countSegments(other)
  return signs.length > 0 && segments < countSegments(text).segments ? { signs, plain: other, segments } : null
}
