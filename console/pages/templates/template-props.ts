import type { PageProps } from '../../page-props.ts'
import type { TemplateWords } from './words.ts'

/** What every part of the templates' pages is given. */
export interface TemplateProps extends Pick<PageProps, 'api' | 'locale'> {
  words: TemplateWords
}
