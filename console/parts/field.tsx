// A field with its name, a hint, and what is wrong with what is in it.
import type { ComponentChildren } from 'preact'
import { useId } from 'preact/hooks'
import { useShell } from '../shell.ts'

export interface ControlProps {
  id: string
  'aria-describedby': string | undefined
  'aria-invalid': true | undefined
}

interface FieldProps {
  label: string
  hint?: string | undefined
  fault?: string | undefined
  isOptional?: boolean
  /** At the label's right. */
  aside?: ComponentChildren
  /** The control takes these; most have the class `field` besides. */
  children(control: ControlProps): ComponentChildren
}

export function Field({ label, hint, fault, isOptional, aside, children }: FieldProps) {
  const { words } = useShell()
  const id = useId()
  const describedBy = [hint && `${id}-hint`, fault && `${id}-fault`].filter(Boolean).join(' ')
  return (
    <div class={fault ? 'place wrong' : 'place'}>
      <div class="place-head">
        <label for={id}>
          {label}
          {isOptional && <span class="muted"> · {words.optional}</span>}
        </label>
        {aside}
      </div>
      {children({ id, 'aria-describedby': describedBy || undefined, 'aria-invalid': fault ? true : undefined })}
      {hint && (
        <p class="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
      {fault && (
        <p class="fault" id={`${id}-fault`}>
          {fault}
        </p>
      )}
    </div>
  )
}
