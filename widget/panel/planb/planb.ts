// The chunk of plan B: what goes where WhatsApp does not take a planned text when it is due.
import { addStyles } from '../adopt-styles.ts'
import css from './planb.css?inline'
import { PlanForm } from './plan-form.tsx'
import { Steps } from './steps.tsx'
import { Taken } from './taken.tsx'

addStyles(css)

export const planB = { PlanForm, Steps, Taken }
