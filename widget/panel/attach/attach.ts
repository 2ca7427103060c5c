// The chunk of files that an agent sends.
import { addStyles } from '../adopt-styles.ts'
import css from './attach.css?inline'
import { DropTarget } from './drop-target.tsx'
import { FileTray } from './file-tray.tsx'

addStyles(css)
// What shows them once they are sent: then there may be no line to fetch it over.
void import('../kinds/kinds.ts').catch(() => {})

export const attach = { DropTarget, FileTray }
