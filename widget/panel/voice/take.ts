// One voice message, from the press of the microphone until it was sent or discarded. It lives apart from what shows it: whoever goes
// elsewhere finds it again as it was left, ended and with the microphone closed.
import { type Signal, signal } from '@preact/signals-core'
import type { Refusal } from '../problem-text.ts'
import { chooseFormat, type Format } from './formats.ts'
import { faultOf, type Microphone, type MicrophoneFault, openMicrophone } from './microphone.ts'

/** Longer ones nobody listens to; and it stays far below what WhatsApp takes. */
export const MOST_MS = 10 * 60_000
/** Shorter is a press by mistake. */
const LEAST_MS = 700
const TICK_MS = 100
/** Below this nobody spoke. */
const SILENCE = 0.01
/** As many as are shown. */
export const LEVELS = 28

export type TakeFault = MicrophoneFault | 'format' | 'short' | 'broken'

export interface Take {
  /** `asking`: for the microphone. `failed`: there is no recording; `fault` says why. */
  state: Signal<'asking' | 'recording' | 'ending' | 'ready' | 'sending' | 'failed'>
  fault: Signal<TakeFault | null>
  ms: Signal<number>
  /** How loud it was lately, the newest last; 0 to 1. */
  levels: Signal<readonly number[]>
  /** Of all of it; null: cannot be told. */
  isSilent(): boolean | null
  /** Of what ended before one wished: the most was reached, or the microphone went away. */
  cut: Signal<'long' | 'lost' | null>
  /** As the browser recorded it: it can be played here. */
  recorded: Blob | null
  /** As it is sent. */
  file: File | null
  /** Why it could not be sent. */
  refusal: Signal<Refusal | null>
  /** The same for each attempt, so that it goes once. */
  clientMessageId: string
  /** The id of the file that was uploaded. */
  uploaded: string | null
  /** The newest message there was as it began: the collision guard. */
  since: number
  start(): void
  /** Ends it and keeps it; asked for while it is not recording yet, there is nothing to keep. */
  stop(): void
  /** Ends it for good. */
  drop(): void
}

export function createTake(since: number): Take {
  const state: Take['state'] = signal('asking')
  const fault: Take['fault'] = signal(null)
  const cut: Take['cut'] = signal(null)
  const ms = signal(0)
  const levels = signal<readonly number[]>([])
  let peak: number | null = null
  let microphone: Microphone | null = null
  let recorder: MediaRecorder | null = null
  let parts: Blob[] = []
  let beganAt = 0
  let ticking: ReturnType<typeof setInterval> | undefined
  let turn = 0

  function release(): void {
    clearInterval(ticking)
    microphone?.close()
    microphone = null
    recorder = null
    removeEventListener('pagehide', take.stop)
  }

  function fail(why: TakeFault): void {
    release()
    fault.value = why
    state.value = 'failed'
  }

  function tick(): void {
    ms.value = performance.now() - beganAt
    const level = microphone?.level() ?? null
    if (level !== null) {
      peak = Math.max(peak ?? 0, level)
      levels.value = [...levels.peek(), level].slice(-LEVELS)
    }
    if (ms.peek() < MOST_MS) return
    cut.value = 'long'
    take.stop()
  }

  function lost(): void {
    if (state.peek() !== 'recording') return
    cut.value = 'lost'
    take.stop()
  }

  async function begin(mine: number): Promise<void> {
    const format = 'MediaRecorder' in globalThis ? chooseFormat((type) => MediaRecorder.isTypeSupported(type)) : null
    if (format === null) return fail('format')
    let opened: Microphone
    try {
      opened = await openMicrophone(lost)
    } catch (error) {
      if (mine === turn) fail(faultOf(error))
      return
    }
    // Whoever asked has left: nothing is recorded that nobody sees.
    if (mine !== turn) return opened.close()
    microphone = opened
    try {
      record(opened.stream, format, mine)
    } catch {
      fail('broken')
    }
  }

  function record(stream: MediaStream, format: Format, mine: number): void {
    const made = new MediaRecorder(stream, { mimeType: format.recorded, audioBitsPerSecond: format.bitsPerSecond })
    recorder = made
    made.addEventListener('dataavailable', ({ data }) => {
      if (mine === turn && data.size > 0) parts.push(data)
    })
    made.addEventListener('error', lost)
    made.addEventListener('stop', () => {
      if (mine === turn) void finish(format, mine)
    })
    made.start(1000)
    beganAt = performance.now()
    ticking = setInterval(tick, TICK_MS)
    addEventListener('pagehide', take.stop)
    state.value = 'recording'
  }

  async function finish(format: Format, mine: number): Promise<void> {
    release()
    const recorded = new Blob(parts, { type: format.recorded })
    parts = []
    if (ms.peek() < LEAST_MS) return fail('short')
    if (recorded.size === 0) return fail('broken')
    try {
      const file = await fileOf(recorded, format)
      if (mine !== turn) return
      take.recorded = recorded
      take.file = file
      state.value = 'ready'
    } catch {
      if (mine === turn) fail('broken')
    }
  }

  const take: Take = {
    ...{ state, fault, cut, ms, levels, refusal: signal<Refusal | null>(null) },
    ...{ recorded: null, file: null, uploaded: null, since, clientMessageId: crypto.randomUUID() },
    isSilent: () => (peak === null ? null : peak < SILENCE),
    start() {
      turn++
      // Another recording is another message.
      Object.assign(take, { recorded: null, file: null, uploaded: null, clientMessageId: crypto.randomUUID() })
      take.refusal.value = null
      fault.value = null
      cut.value = null
      peak = null
      levels.value = []
      ms.value = 0
      state.value = 'asking'
      void begin(turn)
    },
    stop() {
      if (state.peek() === 'asking') {
        turn++
        state.value = 'failed'
      } else if (state.peek() === 'recording') {
        ms.value = performance.now() - beganAt
        state.value = 'ending'
        clearInterval(ticking)
        if (recorder && recorder.state !== 'inactive') recorder.stop()
        // Where the browser ended it by itself, its own end comes.
      }
    },
    drop() {
      turn++
      if (recorder && recorder.state !== 'inactive') recorder.stop()
      release()
      parts = []
      state.value = 'failed'
    },
  }
  return take
}

/** A name of its own for each: phones that keep files show it. */
async function fileOf(recorded: Blob, format: Format): Promise<File> {
  const name = `voice-${new Date().toISOString().slice(0, 19).replaceAll(':', '')}`
  if (format.sent === 'audio/mp4') return new File([recorded], `${name}.m4a`, { type: format.sent })
  if (!format.repacked) return new File([recorded], `${name}.ogg`, { type: format.sent })
  const { toOgg } = await import('./ogg/to-ogg.ts')
  const bytes = toOgg(new Uint8Array(await recorded.arrayBuffer()))
  return new File([bytes as Uint8Array<ArrayBuffer>], `${name}.ogg`, { type: format.sent })
}
