import type { Api } from './api.ts'
import type { Locale } from './words/words.ts'

/** What every page is given. */
export interface PageProps {
  api: Api
  /** What stands behind `#/name/` in the address; a query without a slash before it is part of it. */
  rest: string
  locale: Locale
}
