// Which page the address names, behind its `#`.
import { useEffect, useState } from 'preact/hooks'

export interface Route {
  /** Empty: none was named. */
  name: string
  /** What stands behind `#/name/`. */
  rest: string
}

export function readRoute(hash: string): Route {
  const [, name = '', rest = ''] = /^#\/?([\w-]*)\/?(.*)$/.exec(hash) ?? []
  return { name, rest }
}

export function useRoute(): Route {
  const [route, setRoute] = useState(() => readRoute(location.hash))
  useEffect(() => {
    const look = () => setRoute(readRoute(location.hash))
    addEventListener('hashchange', look)
    // It may have changed since the first drawing.
    look()
    return () => removeEventListener('hashchange', look)
  }, [])
  return route
}
