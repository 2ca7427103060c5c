// One field of the form: its name, what it is for, and what WhatsApp would not take of what is in it.
import type { ComponentChildren } from 'preact'
import { templateFaultText } from '../../../shared/template-fault-texts.ts'
import type { DraftFault } from './draft.ts'
import type { DraftState } from './use-draft.ts'
import type { TemplateWords } from './words.ts'

export interface FormProps {
  state: DraftState
  words: TemplateWords
  locale: 'es' | 'en' | 'pt'
}

export interface ControlProps {
  id: string
  'aria-describedby': string | undefined
  'aria-invalid': true | undefined
  onBlur(): void
}

export const idOf = (path: string): string => `template-${path.replaceAll(/[^\w-]/g, '_')}`

function faultText({ rule, most }: DraftFault, { form }: TemplateWords, locale: FormProps['locale']): string {
  if (rule === 'empty') return form.emptyFault
  if (rule === 'language') return form.languageFault
  if (rule === 'minutes') return form.minutesFault.replace('{most}', String(most))
  return templateFaultText(locale, rule, most)
}

export function Faults({ path, state, words, locale }: FormProps & { path: string }) {
  const faults = state.faultsAt(path)
  if (faults.length === 0) return null
  return (
    <ul class="faults" id={`${idOf(path)}-faults`}>
      {faults.map((one) => (
        <li key={one.rule}>{faultText(one, words, locale)}</li>
      ))}
    </ul>
  )
}

interface PlaceProps extends FormProps {
  path: string
  label: string
  hint?: string | undefined
  isOptional?: boolean
  /** At the label's right. */
  aside?: ComponentChildren
  children(control: ControlProps): ComponentChildren
}

export function Place({ path, label, hint, isOptional, aside, children, ...form }: PlaceProps) {
  const id = idOf(path)
  const isWrong = form.state.faultsAt(path).length > 0
  const describedBy = [hint === undefined ? '' : `${id}-hint`, isWrong ? `${id}-faults` : ''].filter(Boolean).join(' ')
  return (
    <div class={isWrong ? 'place wrong' : 'place'}>
      <div class="place-head">
        <label for={id}>
          {label}
          {isOptional && <span class="muted"> · {form.words.form.optional}</span>}
        </label>
        {aside}
      </div>
      {children({
        id,
        'aria-describedby': describedBy || undefined,
        'aria-invalid': isWrong || undefined,
        onBlur: () => form.state.touch(path),
      })}
      {hint !== undefined && (
        <p class="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
      <Faults path={path} {...form} />
    </div>
  )
}
