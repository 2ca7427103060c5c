// The small fields of the form: one line of text, some lines, one of a list.
import { Field } from '../../../parts/field.tsx'

interface TextProps {
  label: string
  value: string
  onChange(value: string): void
  hint?: string | undefined
  fault?: string | undefined
  isOptional?: boolean
  type?: 'text' | 'number' | 'date' | 'time'
  max?: number
  list?: string
  placeholder?: string
}

export function TextField({ label, value, onChange, hint, fault, isOptional = false, type = 'text', max, list, placeholder }: TextProps) {
  return (
    <Field label={label} hint={hint} fault={fault} isOptional={isOptional}>
      {(control) => (
        <input
          {...control}
          class="field"
          type={type}
          dir={type === 'text' ? 'auto' : undefined}
          min={type === 'number' ? 1 : undefined}
          maxLength={type === 'text' ? max : undefined}
          max={type === 'number' ? max : undefined}
          list={list}
          placeholder={placeholder}
          value={value}
          onInput={({ currentTarget }) => onChange(currentTarget.value)}
        />
      )}
    </Field>
  )
}

export function LinesField({ label, value, onChange, hint, fault, max }: TextProps) {
  return (
    <Field label={label} hint={hint} fault={fault}>
      {(control) => (
        <textarea
          {...control}
          class="field"
          dir="auto"
          maxLength={max}
          value={value}
          onInput={({ currentTarget }) => onChange(currentTarget.value)}
        />
      )}
    </Field>
  )
}

interface SelectProps<Value extends string> {
  label: string
  value: Value
  options: readonly { value: Value; label: string }[]
  onChange(value: Value): void
  hint?: string | undefined
  fault?: string | undefined
}

export function SelectField<Value extends string>({ label, value, options, onChange, hint, fault }: SelectProps<Value>) {
  return (
    <Field label={label} hint={hint} fault={fault}>
      {(control) => (
        <select
          {...control}
          class="field"
          value={value}
          onChange={({ currentTarget }) => {
            const chosen = options.find((one) => one.value === currentTarget.value)
            if (chosen !== undefined) onChange(chosen.value)
          }}
        >
          {options.map((one) => (
            <option key={one.value} value={one.value}>
              {one.label}
            </option>
          ))}
        </select>
      )}
    </Field>
  )
}
