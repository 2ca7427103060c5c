// One sign to a reader: a letter with its accents, an emoji made of several. Where a browser cannot tell
// (Firefox before 125), at least no code point is cut.

const segmenter = 'Segmenter' in Intl ? new Intl.Segmenter() : null

/** The first so many. */
export function signsOf(text: string, most = Number.POSITIVE_INFINITY): string[] {
  const signs: string[] = []
  for (const sign of segmenter ? segmenter.segment(text) : text) {
    if (signs.length >= most) break
    signs.push(typeof sign === 'string' ? sign : sign.segment)
  }
  return signs
}

/** Where the sign begins that stands at this place. */
export function signStart(text: string, at: number): number {
  const inPair = /^[\uDC00-\uDFFF]/.test(text.slice(at)) && /[\uD800-\uDBFF]$/.test(text.slice(0, at))
  return segmenter?.segment(text).containing(at)?.index ?? at - Number(inPair)
}

export function capitalise(text: string, locale?: string): string {
  const [first = ''] = signsOf(text, 1)
  return first.toLocaleUpperCase(locale) + text.slice(first.length)
}
