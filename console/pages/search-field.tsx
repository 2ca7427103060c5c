// What one looks for: told once one pauses. What comes from outside (a link, "back", "clear") goes into the field.
import { useEffect, useRef, useState } from 'preact/hooks'
import { useLater } from './use-later.ts'

interface SearchFieldProps {
  label: string
  value: string
  /** Left out: its name stands in it. */
  control?: object
  onChange(value: string): void
}

export function SearchField({ label, value, control, onChange }: SearchFieldProps) {
  const [text, setText] = useState(value)
  const told = useRef(value)
  const later = useLater(text)
  useEffect(() => {
    if (later.trim() === told.current) return
    told.current = later.trim()
    onChange(told.current)
  }, [later])
  useEffect(() => {
    if (value === told.current) return
    told.current = value
    setText(value)
  }, [value])
  return (
    <input
      type="search"
      class="field"
      {...(control ?? { 'aria-label': label, placeholder: label })}
      value={text}
      maxLength={128}
      autocomplete="off"
      onInput={(event) => setText(event.currentTarget.value)}
    />
  )
}
