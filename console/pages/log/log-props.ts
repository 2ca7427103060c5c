import type { PageProps } from '../../page-props.ts'
import type { LogWords } from './words.ts'

/** What every part of the log is given. */
export interface LogProps extends Pick<PageProps, 'api' | 'locale'> {
  words: LogWords
}
