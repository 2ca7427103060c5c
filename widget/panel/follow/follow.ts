// The chunk of what becomes of a conversation: closed, snoozed, assigned, each seen and undone.
import { addStyles } from '../adopt-styles.ts'
import { Done } from './done.tsx'
import { finish, sendAndClose } from './finish.tsx'
import css from './follow.css?inline'
import { StateLine } from './state-line.tsx'

addStyles(css)

export const follow = { Done, StateLine, finish, sendAndClose }
