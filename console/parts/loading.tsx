// Something is on its way. Said only where it takes a while: what comes at once is not announced.
import { useEffect, useState } from 'preact/hooks'
import { useShell } from '../shell.ts'

const SHOWN_AFTER_MS = 200

export function Loading() {
  const { words } = useShell()
  const [isShown, setIsShown] = useState(false)
  useEffect(() => {
    const timer = setTimeout(() => setIsShown(true), SHOWN_AFTER_MS)
    return () => clearTimeout(timer)
  }, [])
  return (
    <p class="loading" role="status">
      {isShown && (
        <>
          <span class="spin" aria-hidden="true" />
          {words.loading}
        </>
      )}
    </p>
  )
}
