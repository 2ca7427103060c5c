// Times as they are written where the reader lives.
import { type Shell, tags } from '../shell.ts'

export const formatDay = ({ locale, timezone }: Pick<Shell, 'locale' | 'timezone'>, iso: string): string =>
  new Intl.DateTimeFormat(tags[locale], { dateStyle: 'medium', timeZone: timezone }).format(Date.parse(iso))
