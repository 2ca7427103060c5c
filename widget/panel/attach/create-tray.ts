// Judges, uploads and keeps the files of one conversation until they go. What the line breaks goes on by itself; what cannot go on this
// channel is not uploaded.
import { computed, effect, signal } from '@preact/signals-core'
import type { Answer } from '../../../shared/events.ts'
import { isBlank } from '../../../shared/is-blank.ts'
import { faultOfFile, mediaKind, MOST_FILES, typeOfFile } from '../../../shared/media-policy.ts'
import type { Channel, Upload } from '../../../shared/model.ts'
import type { Problem } from '../../../shared/problems.ts'
import { splitMedia } from '../../../shared/split-media.ts'
import type { Client, UnsentFile, UnsentPart } from '../../client/client.ts'
import type { GivenFile, Tray, TrayFile } from '../attached.ts'

const AT_ONCE = 3
const MOST_TRIES = 5
/** After the first try that failed; doubled with each. */
const AGAIN_MS = 2000
/** Wide enough for a bubble. */
const PICTURE_PX = 480
/** Answers after which the same upload may pass. `validation_failed`: the form broke off; `conflict`: we broke it off. */
const PASSING = ['unavailable', 'rate_limited', 'internal', 'validation_failed', 'conflict']

let made = 0

function take(channel: Channel, given: GivenFile): TrayFile {
  const whole: TrayFile = {
    ...{ key: ++made, name: '', contentType: '', size: 0, local: null, picture: null, part: 0, fault: null, upload: null },
    state: 'waiting',
  }
  if (!('id' in given)) {
    const contentType = typeOfFile(given.name, given.type)
    const fault = faultOfFile(channel, contentType, given.size)
    return { ...whole, name: given.name, contentType, size: given.size, local: given, fault, state: fault ? 'refused' : 'waiting' }
  }
  const { local, picture, filename, contentType, size, ...upload } = given
  const back = { ...whole, name: filename ?? '', contentType, size }
  // Brought again where this page still has it: the server may have put it away meanwhile.
  if (local instanceof Blob) return { ...back, local, picture: picture ?? null }
  return { ...back, state: 'ready', upload: { ...upload, filename, contentType, size } }
}

/** `onEmpty`: nothing is left in it, and nothing to be said. */
export function createTray(client: Pick<Client, 'link' | 'upload'>, channel: Channel, onEmpty: () => void): Tray {
  const files = signal<readonly TrayFile[]>([])
  const left = signal<readonly string[]>([])
  const running = new Map<number, AbortController>()
  const tries = new Map<number, number>()
  const resting = new Set<number>()
  let again: ReturnType<typeof setTimeout> | undefined
  let unwatch: (() => void) | undefined

  const find = (key: number) => files.peek().find((file) => file.key === key)
  const isUp = () => client.link.value === 'online' || client.link.value === 'slow'

  function set(key: number, change: Partial<TrayFile>): void {
    files.value = files.peek().map((file) => (file.key === key ? { ...file, ...change } : file))
  }

  function pump(): void {
    if (!isUp()) return
    for (const file of files.peek()) {
      if (running.size >= AT_ONCE) return
      if (file.state === 'waiting' && !resting.has(file.key)) void bring(file)
    }
  }

  async function bring({ key, local, name, contentType }: TrayFile): Promise<void> {
    if (!local) return
    const stop = new AbortController()
    running.set(key, stop)
    set(key, { state: 'uploading', part: 0 })
    const onProgress = (part: number) => set(key, { part })
    const answer = await client.upload(local, { name, type: contentType, onProgress, signal: stop.signal })
    running.delete(key)
    if (find(key)) settle(key, answer)
    pump()
  }

  function settle(key: number, answer: Answer<Upload>): void {
    if (answer.ok) {
      const { ok: _ok, ...upload } = answer
      const fault = faultOfFile(channel, upload.contentType, upload.size)
      set(key, { upload, contentType: upload.contentType, fault, part: 1, state: fault ? 'refused' : 'ready' })
    } else if (answer.error.code === 'payload_too_large') set(key, { state: 'refused', fault: 'too_large' })
    else if (answer.error.code === 'unsupported_media') set(key, { state: 'refused', fault: 'type' })
    else rest(key, answer.error)
  }

  /** It goes on by itself a few times, later and later; without a line no try counts. */
  function rest(key: number, { code, retryAfter }: Problem): void {
    const tried = (tries.get(key) ?? 0) + (isUp() ? 1 : 0)
    tries.set(key, tried)
    if (!PASSING.includes(code) || tried >= MOST_TRIES) {
      set(key, { state: 'failed' })
      return
    }
    set(key, { state: 'waiting', part: 0 })
    resting.add(key)
    again ??= setTimeout(goOn, retryAfter ? retryAfter * 1000 : AGAIN_MS * 2 ** Math.max(0, tried - 1))
  }

  function goOn(): void {
    clearTimeout(again)
    again = undefined
    resting.clear()
    pump()
  }

  async function draw({ key, local, contentType }: TrayFile): Promise<void> {
    if (!local || mediaKind(contentType) !== 'image') return
    const picture = await createImageBitmap(local, { resizeWidth: PICTURE_PX, resizeQuality: 'medium' }).catch(() => null)
    set(key, { picture })
  }

  function tidy(): void {
    if (files.peek().length > 0) return
    unwatch?.()
    unwatch = undefined
    clearTimeout(again)
    again = undefined
    if (left.peek().length === 0) onEmpty()
  }

  function remove(which: (file: TrayFile) => boolean): void {
    for (const { key } of files.peek().filter(which)) running.get(key)?.abort()
    files.value = files.peek().filter((file) => !which(file))
    tidy()
  }

  function split(text: string): UnsentPart[] {
    const kept = files.peek().flatMap(({ upload, local, picture }): UnsentFile[] => {
      if (!upload) return []
      return [{ ...upload, ...(local && { local }), picture }]
    })
    return splitMedia(channel, isBlank(text) ? '' : text, kept)
  }

  return {
    files,
    left,
    isBusy: computed(() => files.value.some(({ state }) => state !== 'ready')),
    add(given) {
      const room = MOST_FILES - files.peek().length
      const taken = given.slice(0, room).map((one) => take(channel, one))
      left.value = given.slice(room).map((one) => ('id' in one ? (one.filename ?? '') : one.name))
      files.value = [...files.peek(), ...taken]
      for (const file of taken) if (file.state !== 'refused' && !file.picture) void draw(file)
      // At once, and whenever the line is back.
      unwatch ??= effect(() => {
        if (isUp()) goOn()
        // So it is when the widget ends.
        else if (client.link.value === 'offline') for (const stop of running.values()) stop.abort()
      })
      pump()
    },
    remove,
    retry(key) {
      tries.delete(key)
      set(key, { state: 'waiting' })
      pump()
    },
    split,
    send(thread, text, options = {}) {
      const parts = split(text)
      // Several messages cannot be taken back as one.
      const { undoFor: _undoFor, ...rest } = options
      left.value = []
      remove(() => true)
      return thread.send({ text: isBlank(text) ? '' : text, parts }, rest)
    },
  }
}
