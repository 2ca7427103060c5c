// The chunk of the settings.
import { addStyles } from '../adopt-styles.ts'
import css from './settings.css?inline'
import { Settings } from './settings.tsx'

addStyles(css)

export const settings = { Settings }
