// The chunk of what waits without a record: seen at its client's records, filed, moved, and put back.
import { addStyles } from '../adopt-styles.ts'
import { fileConversation } from './file-conversation.ts'
import css from './filing.css?inline'
import { MoveBar } from './move-bar.tsx'
import { MovedWords } from './moved-words.tsx'
import { RecordChips } from './record-chips.tsx'
import { UnfiledStrip } from './unfiled-strip.tsx'

addStyles(css)

export const filing = { fileConversation, MoveBar, MovedWords, RecordChips, UnfiledStrip }
