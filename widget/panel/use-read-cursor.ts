// What was really seen: the end of a message in sight, in a visible tab. Only that moves the read cursor.
import { useEffect, useRef } from 'preact/hooks'
import type { RefObject } from 'preact'
import type { Thread } from '../state/client.ts'
import type { Item } from './transcript-items.ts'

/** The newest seq that was seen here. */
export function useReadCursor(log: RefObject<HTMLElement | null>, thread: Thread, items: readonly Item[]): RefObject<number> {
  const seen = useRef(thread.openedAtSeq)
  const inSight = useRef(new Set<Element>())
  const observer = useRef<IntersectionObserver>(undefined)

  useEffect(() => {
    const root = log.current
    if (!root) return
    function tell(): void {
      if (document.hidden) return
      let newest = seen.current
      for (const element of inSight.current) newest = Math.max(newest, Number((element as HTMLElement).dataset.seq))
      if (newest <= seen.current) return
      seen.current = newest
      thread.seen(newest)
    }
    const watcher = new IntersectionObserver(
      (entries) => {
        for (const { target, isIntersecting, intersectionRect, boundingClientRect } of entries) {
          const whole = isIntersecting && intersectionRect.bottom >= boundingClientRect.bottom - 2
          if (whole) inSight.current.add(target)
          else inSight.current.delete(target)
        }
        tell()
      },
      { root, threshold: [0, 0.25, 0.5, 0.75, 1] },
    )
    observer.current = watcher
    document.addEventListener('visibilitychange', tell)
    return () => {
      watcher.disconnect()
      inSight.current.clear()
      document.removeEventListener('visibilitychange', tell)
    }
  }, [thread])

  useEffect(() => {
    for (const element of log.current?.querySelectorAll<HTMLElement>('[data-seq]') ?? [])
      if (Number(element.dataset.seq) > seen.current) observer.current?.observe(element)
  }, [items, thread])

  return seen
}
