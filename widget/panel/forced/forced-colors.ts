// The chunk of forced colours: fetched where the machine has them.
import { addStyles } from '../adopt-styles.ts'
import css from './forced.css?inline'

addStyles(css)
