// Plays a recording without an address: the host's page may forbid `blob:` to media.

export interface Player {
  seconds: number
  isPlaying(): boolean
  /** Where it is, in seconds. */
  at(): number
  play(): void
  pause(): void
  seek(seconds: number): void
  close(): void
}

/** @throws DOMException where the browser cannot read what it recorded. */
export async function openPlayer(recorded: Blob, onEnd: () => void): Promise<Player> {
  const context = new AudioContext()
  const buffer = await context.decodeAudioData(await recorded.arrayBuffer()).catch((error: unknown) => {
    void context.close()
    throw error
  })
  let source: AudioBufferSourceNode | null = null
  let from = 0
  let beganAt = 0

  function at(): number {
    return source === null ? from : Math.min(buffer.duration, from + context.currentTime - beganAt)
  }

  function end(): void {
    const playing = source
    source = null
    playing?.stop()
  }

  const player: Player = {
    seconds: buffer.duration,
    isPlaying: () => source !== null,
    at,
    play() {
      if (source !== null) return
      const begun = context.createBufferSource()
      begun.buffer = buffer
      begun.connect(context.destination)
      begun.addEventListener('ended', () => {
        if (source !== begun) return
        source = null
        from = 0
        onEnd()
      })
      void context.resume()
      beganAt = context.currentTime
      begun.start(0, from)
      source = begun
    },
    pause() {
      from = at()
      end()
    },
    seek(seconds) {
      const plays = source !== null
      end()
      from = seconds
      if (plays) player.play()
    },
    close() {
      end()
      void context.close()
    },
  }
  return player
}
