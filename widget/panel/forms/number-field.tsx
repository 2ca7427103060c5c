// A client's number, as one types it, and what is wrong with it.
import type { InputHTMLAttributes, Ref } from 'preact'
import { useFormWords } from './form-words.ts'

interface NumberFieldProps extends Pick<InputHTMLAttributes, 'name' | 'placeholder'> {
  number: string
  /** Empty: none. */
  problem: string
  onChange(number: string): void
  /** Marks the field that the focus goes to. */
  'data-focus'?: string
  field?: Ref<HTMLInputElement>
}

export function NumberField({ number, problem, onChange, field = null, ...rest }: NumberFieldProps) {
  const own = useFormWords()
  return (
    <label>
      {own.number}
      <input
        {...rest}
        class="field num"
        ref={field}
        type="tel"
        autocomplete="off"
        aria-invalid={problem !== ''}
        value={number}
        onInput={(event) => onChange(event.currentTarget.value)}
      />
      {problem && (
        <span class="err" role="alert">
          {problem}
        </span>
      )}
    </label>
  )
}
