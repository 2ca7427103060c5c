// Uploads one file and tells how far it is. A chunk of its own, fetched with the first file.
import type { Answer } from '../../shared/events.ts'
import type { Upload } from '../../shared/model.ts'
import type { Problem } from '../../shared/problems.ts'
import { failed, unreachable } from './http.ts'
import type { TokenSource } from './token.ts'

/** A line on which nothing moves for this long is dead. */
const STILL_MS = 45_000

export interface UploadOptions {
  /** Left out: the file's own, where it has one. */
  name?: string
  /** What it is, for types that look alike; left out: as the file says. */
  type?: string
  /** From 0 to 1; without XMLHttpRequest, as in Node, only 1. */
  onProgress?(part: number): void
  signal?: AbortSignal
}

interface Said {
  status: number
  text: string
}

function post(url: string, form: FormData, token: string, { onProgress, signal }: UploadOptions): Promise<Said> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest()
    let still: ReturnType<typeof setTimeout> | undefined
    const stop = () => request.abort()
    function moved(): void {
      clearTimeout(still)
      still = setTimeout(stop, STILL_MS)
    }
    request.upload.onprogress = ({ loaded, total }) => {
      moved()
      onProgress?.(total > 0 ? loaded / total : 0)
    }
    request.onload = () => resolve({ status: request.status, text: request.responseText })
    request.onerror = request.onabort = () => reject(new Error('The line broke.'))
    request.onloadend = () => {
      clearTimeout(still)
      signal?.removeEventListener('abort', stop)
    }
    signal?.addEventListener('abort', stop)
    request.open('POST', url)
    request.setRequestHeader('authorization', `Bearer ${token}`)
    request.send(form)
    moved()
  })
}

/** Where there is no XMLHttpRequest. */
async function postWithoutProgress(url: string, body: FormData, token: string, { onProgress, signal }: UploadOptions): Promise<Said> {
  const headers = { authorization: `Bearer ${token}` }
  const response = await fetch(url, { method: 'POST', body, headers, ...(signal ? { signal } : {}) })
  onProgress?.(1)
  return { status: response.status, text: await response.text() }
}

export async function uploadFile(origin: string, tokens: TokenSource, file: Blob, options: UploadOptions): Promise<Answer<Upload>> {
  const { name = file instanceof File ? file.name : 'file', type = file.type, signal } = options
  const say = typeof XMLHttpRequest === 'undefined' ? postWithoutProgress : post
  const form = new FormData()
  form.append('file', type === file.type ? file : file.slice(0, file.size, type), name)
  const canceled = () => failed('conflict', 'Canceled.', 409)
  try {
    const url = `${origin}/api/media`
    const token = await tokens.last()
    if (signal?.aborted) return canceled()
    let said = await say(url, form, token, options)
    if (said.status === 401 && tokens.renewable()) said = await say(url, form, await tokens.ask(), options)
    const found = JSON.parse(said.text) as object
    if (said.status < 300) return { ok: true, ...(found as Upload) }
    if ('code' in found) return { ok: false, error: found as Problem }
    return failed('unavailable', `The server answered ${said.status}.`, said.status)
  } catch {
    return signal?.aborted ? canceled() : unreachable()
  }
}
