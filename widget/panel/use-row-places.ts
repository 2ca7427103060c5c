// Which row each node of the list shows: those in sight at once, the few around them when there is time, no others.
import type { RefObject } from 'preact'
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks'

/** Rows beyond each end of what is in sight. */
const OVERSCAN = 3
/** Rows out of sight wait for a later frame when this many were drawn in one. */
const MOST_A_FRAME = 6
/** So long after the last scroll the list rests. */
const REST_MS = 150

/**
 * The row of each node, -1 for none. A node shows every `slots`-th row: what leaves at one end comes in at the other, so
 * that no node is made or moved while one scrolls. The same array again where nothing changes.
 */
export function placeRows(before: readonly number[], inSight: { from: number; to: number }, slots: number): readonly number[] {
  const rows = before.length === slots ? [...before] : Array.from({ length: slots }, () => -1)
  const first = Math.max(0, inSight.from - OVERSCAN)
  let drawn = 0
  function place(from: number, to: number, most: number): void {
    for (let row = from; row < to && drawn < most; row++) {
      if (rows[row % slots] === row) continue
      rows[row % slots] = row
      drawn++
    }
  }
  place(inSight.from, inSight.to, slots)
  place(first, first + slots, MOST_A_FRAME)
  return drawn === 0 ? before : rows
}

interface ListPlace {
  scroller: RefObject<HTMLDivElement | null>
  list: RefObject<HTMLDivElement | null>
  rowHeight: number
  /** Of what and how many rows the list is: another list is looked at afresh. */
  contents: string
  /** At every look: where the list is scrolled to, and the row after the last one that has a node. */
  onLook(scrollTop: number, end: number): void
}

interface RowPlaces {
  /** The rows that stand in the page, in the order of their nodes. */
  rows: readonly number[]
  /** Looks at once what is in sight. */
  look(): void
  listTop(): number
}

export function useRowPlaces({ scroller, list, rowHeight, contents, onLook }: ListPlace): RowPlaces {
  const placed = useRef<readonly number[]>([])
  const [rows, setRows] = useState(placed.current)
  // Whose node stands first. Nodes are put in the order of their rows, for who reads them one by one, when the list rests.
  const [head, setHead] = useState(0)
  const waiting = useRef({ frame: 0, rest: 0 })

  /** How far down in what scrolls the list begins. Both stand in the panel, by which the browser counts. */
  function listTop(): number {
    return (list.current?.offsetTop ?? 0) - (scroller.current?.offsetTop ?? 0)
  }

  function look(): void {
    const body = scroller.current
    if (!body || !list.current) return
    const { scrollTop, clientHeight } = body
    const top = Math.max(0, scrollTop - listTop())
    const inSight = { from: Math.floor(top / rowHeight), to: Math.ceil((top + clientHeight) / rowHeight) }
    const slots = Math.ceil(clientHeight / rowHeight) + 1 + 2 * OVERSCAN
    const first = Math.max(0, inSight.from - OVERSCAN)
    stopWaiting()
    const next = placeRows(placed.current, inSight, slots)
    if (next !== placed.current) {
      placed.current = next
      setRows(next)
      // What is asked for before a frame is drawn comes in that frame: the one after it is asked for from there.
      waiting.current.frame = requestAnimationFrame(() => {
        waiting.current.frame = requestAnimationFrame(look)
      })
    }
    waiting.current.rest = window.setTimeout(() => setHead(first % slots), REST_MS)
    onLook(scrollTop, first + slots)
  }

  function stopWaiting(): void {
    cancelAnimationFrame(waiting.current.frame)
    clearTimeout(waiting.current.rest)
  }

  const latest = useRef(look)
  latest.current = look
  useEffect(() => {
    const body = scroller.current
    if (!body) return
    const onChange = () => latest.current()
    const sizes = new ResizeObserver(onChange)
    sizes.observe(body)
    body.addEventListener('scroll', onChange, { passive: true })
    return () => {
      sizes.disconnect()
      body.removeEventListener('scroll', onChange)
      stopWaiting()
    }
  }, [])
  useLayoutEffect(look, [rowHeight, contents])

  return { rows: rows.map((_, n) => rows[(head + n) % rows.length] ?? -1), look, listTop }
}
