// A part that few openings need: its chunk is fetched when it is first shown.
import type { ComponentType } from 'preact'
import { useEffect, useState } from 'preact/hooks'

/** `load` is asked once it is needed; a failure (no network) is asked again with the next showing. */
export function onDemand<Props extends object>(load: () => Promise<ComponentType<Props>>): ComponentType<Props> {
  let Loaded: ComponentType<Props> | null = null
  return function OnDemand(props: Props) {
    const [, setLoaded] = useState(Loaded !== null)
    useEffect(() => {
      if (Loaded) return
      load().then(
        (found) => {
          Loaded = found
          setLoaded(true)
        },
        () => {},
      )
    }, [])
    return Loaded ? <Loaded {...props} /> : null
  }
}
