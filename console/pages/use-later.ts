// What somebody is typing, once they pause: a search is asked for then, and not with every letter.
import { useEffect, useState } from 'preact/hooks'

const PAUSE_MS = 300

export function useLater<Value>(value: Value): Value {
  const [later, setLater] = useState(value)
  useEffect(() => {
    const timer = setTimeout(() => setLater(value), PAUSE_MS)
    return () => clearTimeout(timer)
  }, [value])
  return later
}
