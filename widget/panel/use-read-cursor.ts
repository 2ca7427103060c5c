// Tells which messages were really seen: the end in the transcript's view and in the window's, in an element that is visible, in
// a visible tab. Only that moves the read cursor.
import { useEffect, useRef } from 'preact/hooks'
import type { RefObject } from 'preact'
import type { Thread } from '../client/client.ts'
import { isVisible } from './is-visible.ts'
import type { Item } from './transcript-items.ts'

const LOOK_AGAIN_MS = 500

/** The newest seq that was seen here. */
export function useReadCursor(log: RefObject<HTMLElement | null>, thread: Thread, items: readonly Item[]): RefObject<number> {
  const seen = useRef(thread.openedAtSeq)
  const observer = useRef<IntersectionObserver>(undefined)

  useEffect(() => {
    const box = log.current
    if (!box) return
    const whole = new Set<Element>()
    /** In sight without their end. */
    const begun = new Set<Element>()
    let isBoxInSight = false
    let later: ReturnType<typeof setTimeout> | undefined

    const newestOf = (set: Set<Element>) =>
      Math.max(seen.current, ...[...set].map((element) => Number((element as HTMLElement).dataset.seq ?? 0)))

    function tell(): void {
      clearTimeout(later)
      if (!box || document.hidden) return
      const newest = newestOf(whole)
      if (newest > seen.current && isVisible(box)) {
        seen.current = newest
        thread.seen(newest)
      }
      // Nobody tells when the page's style changes, nor when the end comes of a message that is longer than the view.
      if (newest > seen.current || newestOf(begun) > seen.current) later = setTimeout(lookAgain, LOOK_AGAIN_MS)
    }
    function lookAgain(): void {
      for (const element of begun) {
        watcher.unobserve(element)
        watcher.observe(element)
      }
      tell()
    }
    // Against the window: all that cuts something off on the way there counts, the transcript itself and what it stands in.
    const watcher = new IntersectionObserver(
      (entries) => {
        for (const { target, isIntersecting, intersectionRect, boundingClientRect } of entries) {
          if (target === box) {
            isBoxInSight = isIntersecting
            continue
          }
          const ended = isIntersecting && boundingClientRect.height > 0 && intersectionRect.bottom >= boundingClientRect.bottom - 2
          for (const [set, isIn] of [
            [whole, ended],
            [begun, isIntersecting && !ended],
          ] as const)
            if (isIn) set.add(target)
            else set.delete(target)
        }
        tell()
      },
      { threshold: [0, 0.25, 0.5, 0.75, 1] },
    )
    watcher.observe(box)
    const endSight = thread.watchSight(() => isBoxInSight && isVisible(box))
    observer.current = watcher
    document.addEventListener('visibilitychange', tell)
    return () => {
      watcher.disconnect()
      clearTimeout(later)
      document.removeEventListener('visibilitychange', tell)
      endSight()
    }
  }, [thread])

  useEffect(() => {
    for (const element of log.current?.querySelectorAll<HTMLElement>('[data-seq]') ?? [])
      if (Number(element.dataset.seq) > seen.current) observer.current?.observe(element)
  }, [items, thread])

  return seen
}
