// The chunk of what stands where one writes, when it is not the text field: templates, forms, reasons; and a new message.
import { addStyles } from '../adopt-styles.ts'
import css from './forms.css?inline'
import { Blocked } from './blocked.tsx'
import { ContactForm } from './contact-form.tsx'
import { NewMessage } from './new-message.tsx'
import { TemplateForm } from './template-form.tsx'
import { TemplatePicker } from './template-picker.tsx'

addStyles(css)

export const forms = { Blocked, ContactForm, NewMessage, TemplateForm, TemplatePicker }
