// The microphone while it is open, and how loud it is. Whoever opened it closes it, however that ends.

export type MicrophoneFault = 'denied' | 'missing' | 'busy'

export interface Microphone {
  stream: MediaStream
  /** 0 to 1, right now; null: cannot be told. */
  level(): number | null
  close(): void
}

/** Fewer than these samples miss a consonant. */
const SAMPLES = 2048

/** @throws DOMException as `getUserMedia`; see `faultOf`. `onEnd`: it was unplugged, or taken away. */
export async function openMicrophone(onEnd: () => void): Promise<Microphone> {
  const stream = await navigator.mediaDevices.getUserMedia({
    audio: { channelCount: 1, echoCancellation: true, noiseSuppression: true, autoGainControl: true },
  })
  const meter = openMeter(stream)
  for (const track of stream.getTracks()) track.addEventListener('ended', onEnd)
  return {
    stream,
    level: () => meter?.level() ?? null,
    close() {
      meter?.close()
      for (const track of stream.getTracks()) {
        track.removeEventListener('ended', onEnd)
        track.stop()
      }
    },
  }
}

export function faultOf(error: unknown): MicrophoneFault {
  const name = error instanceof DOMException ? error.name : ''
  if (name === 'NotAllowedError' || name === 'SecurityError') return 'denied'
  return name === 'NotFoundError' || name === 'OverconstrainedError' ? 'missing' : 'busy'
}

function openMeter(stream: MediaStream): { level(): number; close(): void } | null {
  try {
    const context = new AudioContext()
    const analyser = context.createAnalyser()
    analyser.fftSize = SAMPLES
    context.createMediaStreamSource(stream).connect(analyser)
    const samples = new Float32Array(SAMPLES)
    return {
      level() {
        analyser.getFloatTimeDomainData(samples)
        return samples.reduce((most, one) => Math.max(most, Math.abs(one)), 0)
      },
      close: () => void context.close().catch(() => {}),
    }
  } catch {
    return null // it records without it
  }
}
