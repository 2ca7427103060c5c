// Which row each node of the list shows: those in sight at once, the few around them when there is time, no others.
import type { RefObject } from 'preact'
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks'

/** Rows beyond each end of what is in sight. They wait for another frame when as many as both were drawn in one. */
const OVERSCAN = 3
/** So long after the last change the list rests. */
const REST_MS = 150

/**
 * The row of each node, -1 for none. A node shows every n-th row, n being the number of nodes: what leaves at one end comes
 * in at the other, and no node is made or moved while one scrolls. The same array again where nothing changes.
 */
export function placeRows(before: readonly number[], from: number, inSight: number): readonly number[] {
  const nodes = inSight + 2 * OVERSCAN
  const rows = before.length === nodes ? [...before] : new Array<number>(nodes).fill(-1)
  let drawn = 0
  function place(first: number, count: number, most: number): void {
    for (let row = first; row < first + count && drawn < most; row++) {
      if (rows[row % nodes] === row) continue
      rows[row % nodes] = row
      drawn++
    }
  }
  place(from, inSight, inSight)
  place(Math.max(0, from - OVERSCAN), nodes, 2 * OVERSCAN)
  return drawn === 0 ? before : rows
}

interface ListPlace {
  scroller: RefObject<HTMLDivElement | null>
  list: RefObject<HTMLDivElement | null>
  rowHeight: number
  /** Of what and how many rows the list is: another list is looked at afresh. */
  contents: string
  /** At every look: where the list is scrolled to, and the row after the last one in sight. */
  onLook(scrollTop: number, end: number): void
}

interface RowPlaces {
  /** The rows that stand in the page, in the order of their nodes. */
  rows: readonly number[]
  /** Looks at once what is in sight. */
  look(): void
  /** How far down in what scrolls the list begins. */
  listTop(): number
}

export function useRowPlaces({ scroller, list, rowHeight, contents, onLook }: ListPlace): RowPlaces {
  const [rows, setRows] = useState<readonly number[]>([])
  // The node that stands first. Nodes are put in the order of their rows, for who reads them one by one, when the list rests.
  const [head, setHead] = useState(0)
  const rest = useRef<ReturnType<typeof setTimeout>>(undefined)
  const latest = useRef(look)
  latest.current = look

  // Both stand in the panel, from which the browser counts.
  const listTop = () => (list.current?.offsetTop ?? 0) - (scroller.current?.offsetTop ?? 0)

  function look(): void {
    const body = scroller.current
    if (!body) return
    const { scrollTop, clientHeight } = body
    const from = Math.max(0, Math.floor((scrollTop - listTop()) / rowHeight))
    const inSight = Math.ceil(clientHeight / rowHeight) + 1
    const next = placeRows(rows, from, inSight)
    if (next !== rows) {
      setRows(next)
      clearTimeout(rest.current)
      rest.current = setTimeout(() => {
        latest.current()
        setHead(Math.max(0, from - OVERSCAN) % next.length)
      }, REST_MS)
    }
    onLook(scrollTop, from + inSight)
  }

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
      clearTimeout(rest.current)
    }
  }, [])
  useLayoutEffect(look, [rowHeight, contents])

  return { rows: [...rows.slice(head), ...rows.slice(0, head)], look, listTop }
}
