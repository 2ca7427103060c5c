// Rows do not move under the pointer: while it is over the list the order stays, for three seconds at most, and only what
// the rows say is renewed.
import { useEffect, useRef, useState } from 'preact/hooks'

const HOLD_MS = 3000

/** The new objects in the old order; what left keeps its place until the hold ends. */
export function inOldOrder<T extends { id: string }>(shown: readonly T[], incoming: readonly T[]): T[] {
  const byId = new Map(incoming.map((item) => [item.id, item]))
  return shown.map((item) => byId.get(item.id) ?? item)
}

/** Whether `incoming` only adds at the end: nothing moves, so nothing has to wait. */
export function onlyGrows(shown: readonly { id: string }[], incoming: readonly { id: string }[]): boolean {
  return shown === incoming || (shown.length <= incoming.length && shown.every((item, index) => item.id === incoming[index]?.id))
}

/** `context`: what the list is of; another filter or search shows at once. */
export function useHeldOrder<T extends { id: string }>(incoming: readonly T[], pointerInside: boolean, context: string): readonly T[] {
  const held = useRef<{ shown: readonly T[]; context: string }>({ shown: incoming, context })
  const [, redraw] = useState(0)
  const moves = held.current.context === context && !onlyGrows(held.current.shown, incoming)
  const holds = pointerInside && moves

  useEffect(() => {
    if (!holds) return
    const timer = setTimeout(() => {
      held.current = { shown: [], context: '' }
      redraw((n) => n + 1)
    }, HOLD_MS)
    return () => clearTimeout(timer)
  }, [holds])

  held.current = { shown: holds ? inOldOrder(held.current.shown, incoming) : incoming, context }
  return held.current.shown
}
