// The chunk of how the panel stands: as wide as its edge was dragged, docked to the side of the window, in two panes.
import { addStyles } from '../adopt-styles.ts'
import { Beside } from './beside.tsx'
import { clean } from './widths.ts'
import { Docked } from './docked.tsx'
import { Dragging } from './dragging.tsx'
import css from './frame.css?inline'

addStyles(css)

export const frame = { Beside, Docked, Dragging, clean }
