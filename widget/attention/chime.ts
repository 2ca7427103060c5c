// Two soft notes, made by the browser: no file to fetch. Silent until the agent has touched the page, as browsers demand.

const NOTES = [
  { hz: 659.25, at: 0 },
  { hz: 987.77, at: 0.11 },
]
const LOUD = 0.14
const FADES_IN_S = 0.35

export interface Chime {
  play(): void
  close(): void
}

export function createChime(): Chime {
  let audio: AudioContext | null = null

  function note(context: AudioContext, { hz, at }: (typeof NOTES)[number]): void {
    const tone = context.createOscillator()
    const volume = context.createGain()
    const start = context.currentTime + at
    tone.type = 'sine'
    tone.frequency.value = hz
    volume.gain.setValueAtTime(0, start)
    volume.gain.linearRampToValueAtTime(LOUD, start + 0.015)
    volume.gain.exponentialRampToValueAtTime(0.0001, start + FADES_IN_S)
    tone.connect(volume).connect(context.destination)
    tone.start(start)
    tone.stop(start + FADES_IN_S)
  }

  return {
    play() {
      if (!mayPlay() || !('AudioContext' in window)) return
      audio ??= new AudioContext()
      const context = audio
      void context
        .resume()
        .then(() => {
          for (const one of NOTES) note(context, one)
        })
        .catch(() => undefined)
    },
    close() {
      void audio?.close().catch(() => undefined)
      audio = null
    },
  }
}

/** Before the first touch a page may not sound, and a browser would warn of the try. */
export function mayPlay(): boolean {
  return navigator.userActivation?.hasBeenActive ?? true
}
