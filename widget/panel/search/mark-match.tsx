// Marks the words of a search in the texts that were found, whatever their accents and case.
import type { ComponentChildren } from 'preact'
import { foldText as fold } from '../../../shared/fold-text.ts'
import { signsOf } from '../../../shared/signs.ts'

/** A sign at a time, so that places in the folded text are places in the text. */
export function markMatch(text: string, search: string): ComponentChildren {
  const wanted = fold(search.trim())
  if (wanted === '') return text
  const signs = signsOf(text)
  const folded = signs.map(fold)
  for (let start = 0; start < signs.length; start++) {
    let found = ''
    for (let end = start; end < signs.length && found.length < wanted.length; end++) {
      found += folded[end]
      if (found === wanted)
        return (
          <>
            {signs.slice(0, start).join('')}
            <mark>{signs.slice(start, end + 1).join('')}</mark>
            {signs.slice(end + 1).join('')}
          </>
        )
    }
  }
  return text
}

export const Marked = ({ text, search }: { text: string; search: string }) => <>{markMatch(text, search)}</>
