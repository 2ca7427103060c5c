// The icon of tags, drawn in menus alone.
import type { IconName } from '../icons.ts'

export const TAG: IconName =
  'M3.25 4.75a1.5 1.5 0 0 1 1.5-1.5h4.4a2 2 0 0 1 1.4.6l5.6 5.6a1.5 1.5 0 0 1 0 2.1l-4.6 4.6a1.5 1.5 0 0 1-2.1 0l-5.6-5.6a2 2 0 0 1-.6-1.4ZM6.9 7v.1'
