// A voice message: play, pause, where it is. Nothing is fetched before somebody listens.
import { useRef, useState } from 'preact/hooks'
import { Icon } from '../icon.tsx'
import type { Media } from './kind.tsx'
import type { KindWords } from './kind-words.ts'

const PLAY = 'M7 4.75v10.5a.5.5 0 0 0 .77.42l8.1-5.25a.5.5 0 0 0 0-.84l-8.1-5.25a.5.5 0 0 0-.77.42Z'
const PAUSE = 'M7 4.75v10.5M13 4.75v10.5'

const clock = (seconds: number) => `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, '0')}`

export function Voice({ media, own, onLost }: { media: Media; own: KindWords; onLost(): void }) {
  const audio = useRef<HTMLAudioElement>(null)
  const [plays, setPlays] = useState(false)
  const [at, setAt] = useState(0)
  const [whole, setWhole] = useState(0)
  return (
    <span class="tile">
      <button
        type="button"
        class="ib play"
        aria-label={plays ? own.pause : own.play}
        onClick={() => (plays ? audio.current?.pause() : void audio.current?.play().catch(() => setPlays(false)))}
      >
        <Icon name={plays ? PAUSE : PLAY} class="s16" />
      </button>
      <span class="what">
        <input
          type="range"
          min={0}
          max={Math.max(1, whole)}
          step={0.1}
          value={at}
          aria-label={own.position}
          aria-valuetext={clock(at)}
          onInput={(event) => {
            if (audio.current) audio.current.currentTime = Number(event.currentTarget.value)
          }}
        />
        <span class="t num">{whole > 0 ? `${clock(at)} / ${clock(whole)}` : own.voice}</span>
      </span>
      {/* biome-ignore lint/a11y/useMediaCaption: a client's voice; what it says is not known */}
      <audio
        ref={audio}
        src={media.url}
        preload="none"
        onError={onLost}
        onPlay={() => setPlays(true)}
        onPause={() => setPlays(false)}
        onTimeUpdate={(event) => setAt(event.currentTarget.currentTime)}
        onDurationChange={(event) => setWhole(Number.isFinite(event.currentTarget.duration) ? event.currentTarget.duration : 0)}
      />
    </span>
  )
}
