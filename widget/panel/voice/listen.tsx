// Listening to what was recorded, before it goes.
import { useEffect, useRef, useState } from 'preact/hooks'
import { Icon } from '../icon.tsx'
import { clock } from './clock.ts'
import { openPlayer, type Player } from './player.ts'
import type { Take } from './take.ts'
import type { useVoiceWords } from './voice-words.ts'

const PLAY = 'M7 4.75v10.5a.5.5 0 0 0 .77.42l8.1-5.25a.5.5 0 0 0 0-.84l-8.1-5.25a.5.5 0 0 0-.77.42Z'
const PAUSE = 'M7 4.75v10.5M13 4.75v10.5'
const TICK_MS = 100

export function Listen({ take, own }: { take: Take; own: ReturnType<typeof useVoiceWords> }) {
  const player = useRef<Player | null>(null)
  const [, draw] = useState(0)
  const [unplayable, setUnplayable] = useState(false)
  const redraw = () => draw((times) => times + 1)
  const plays = player.current?.isPlaying() ?? false
  const whole = player.current?.seconds ?? take.ms.value / 1000
  const at = player.current?.at() ?? 0

  useEffect(() => {
    const recorded = take.recorded
    if (recorded === null) return
    let gone = false
    openPlayer(recorded, redraw).then(
      (opened) => {
        if (gone) return opened.close()
        player.current = opened
        redraw()
      },
      () => setUnplayable(true),
    )
    return () => {
      gone = true
      player.current?.close()
      player.current = null
    }
  }, [take.recorded])
  useEffect(() => {
    if (!plays) return
    const ticking = setInterval(redraw, TICK_MS)
    return () => clearInterval(ticking)
  }, [plays])

  if (unplayable) return <span class="num grow">{own.unplayable}</span>
  return (
    <>
      <button
        type="button"
        class="ib"
        aria-label={plays ? own.pause : own.play}
        title={plays ? own.pause : own.play}
        disabled={player.current === null}
        onClick={() => {
          if (plays) player.current?.pause()
          else player.current?.play()
          redraw()
        }}
      >
        <Icon name={plays ? PAUSE : PLAY} />
      </button>
      <input
        type="range"
        min={0}
        max={whole}
        step={0.1}
        value={at}
        aria-label={own.position}
        aria-valuetext={clock(at)}
        disabled={player.current === null}
        onInput={(event) => {
          player.current?.seek(Number(event.currentTarget.value))
          redraw()
        }}
      />
      <span class="num">{plays || at > 0 ? `${clock(at)} / ${clock(whole)}` : clock(whole)}</span>
    </>
  )
}
