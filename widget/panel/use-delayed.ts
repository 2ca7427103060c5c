// Time before a state shows: a short wait is no state.
import { useEffect, useState } from 'preact/hooks'

/** `on`, but only once it was on for `ms`. */
export function useDelayed(on: boolean, ms: number): boolean {
  const [shown, show] = useState(false)
  useEffect(() => {
    if (!on) {
      show(false)
      return
    }
    const timer = setTimeout(() => show(true), ms)
    return () => clearTimeout(timer)
  }, [on, ms])
  return on && shown
}

/** Whether `ms` have passed since `at`; turns true by itself. */
export function useElapsed(at: number, ms: number, now: number): boolean {
  const left = at + ms - now
  const [passed, pass] = useState(left <= 0)
  useEffect(() => {
    pass(left <= 0)
    if (left <= 0) return
    const timer = setTimeout(() => pass(true), left)
    return () => clearTimeout(timer)
  }, [at, ms])
  return passed || left <= 0
}
