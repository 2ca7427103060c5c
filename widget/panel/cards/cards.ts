// The chunk of cards under messages: few threads show one.
import { addStyles } from '../adopt-styles.ts'
import css from './cards.css?inline'
import { DoubtCard, FailedCard } from './failed-card.tsx'
import { FailureWords } from './failure-words.tsx'
import { EditingLine } from './edit-plan.tsx'
import { Plan } from './plan.tsx'
import { UndoSend } from './undo-send.tsx'
import { UnsentCard } from './unsent-card.tsx'

addStyles(css)

export const cards = { DoubtCard, EditingLine, FailedCard, FailureWords, Plan, UndoSend, UnsentCard }
