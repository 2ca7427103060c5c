import type { PageProps } from '../../page-props.ts'
import type { ContactWords } from './words.ts'

/** What every part of the contacts' pages is given. */
export interface ContactProps extends Pick<PageProps, 'api' | 'locale'> {
  words: ContactWords
}
