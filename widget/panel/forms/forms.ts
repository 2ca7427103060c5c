// The chunk of what stands where one writes, when it is not the text field: templates, forms, reasons; a new message; and
// plan B, whose form fills templates as theirs does.
import { addStyles } from '../adopt-styles.ts'
import { PlanForm } from '../planb/plan-form.tsx'
import planBCss from '../planb/planb.css?inline'
import { Steps } from '../planb/steps.tsx'
import { Taken } from '../planb/taken.tsx'
import css from './forms.css?inline'
import { Blocked } from './blocked.tsx'
import { ContactForm } from './contact-form.tsx'
import { NewMessage } from './new-message.tsx'
import { OptOutWords } from './opt-out-words.tsx'
import { SlashList } from './slash-list.tsx'
import { TemplateForm } from './template-form.tsx'
import { TemplatePicker } from './template-picker.tsx'
import { Wanted } from './wanted.tsx'

addStyles(css + planBCss)

export const forms = {
  Blocked,
  ContactForm,
  NewMessage,
  OptOutWords,
  PlanForm,
  SlashList,
  Steps,
  Taken,
  TemplateForm,
  TemplatePicker,
  Wanted,
}
