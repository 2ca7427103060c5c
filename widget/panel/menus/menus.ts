// The chunk of menus: what opens over the panel when one asks for it.
import { addStyles } from '../adopt-styles.ts'
import css from './menus.css?inline'
import { AssignMenu } from './assign-menu.tsx'
import { FileBox } from './file-box.tsx'
import { FilterMenu } from './filter-menu.tsx'
import { MoreMenu } from './more-menu.tsx'
import { OwnTime } from './own-time.tsx'
import { ScheduleMenu } from './schedule-menu.tsx'

addStyles(css)

export const menus = { AssignMenu, FileBox, FilterMenu, MoreMenu, OwnTime, ScheduleMenu }
