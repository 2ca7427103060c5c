// One of a few, all of them seen.
import { useId } from 'preact/hooks'

interface ChoiceProps<Value extends string> {
  legend: string
  /** Something above says the same. */
  isLegendHidden?: boolean
  value: Value
  options: readonly { value: Value; label: string; hint?: string }[]
  onChange(value: Value): void
}

export function Choice<Value extends string>({ legend, isLegendHidden, value, options, onChange }: ChoiceProps<Value>) {
  const name = useId()
  return (
    <fieldset class="choice">
      <legend class={isLegendHidden ? 'sr' : undefined}>{legend}</legend>
      <div class="options">
        {options.map((one) => (
          <label key={one.value}>
            <input type="radio" name={name} value={one.value} checked={one.value === value} onChange={() => onChange(one.value)} />
            <span>
              <b>{one.label}</b>
              {one.hint && <small>{one.hint}</small>}
            </span>
          </label>
        ))}
      </div>
    </fieldset>
  )
}
