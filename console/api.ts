// The calls of the console. Refusals are thrown as problem documents; a token that ended is renewed once where it can be; who asked too
// often waits as long as the server says.
import { type Problem, problem } from '../shared/problems.ts'
import type { Session } from './session.ts'

/** A problem document, as an error. */
export class ApiProblem extends Error {
  override name = 'ApiProblem'
  readonly problem: Problem

  constructor(given: Problem) {
    super(given.detail)
    this.problem = given
  }
}

export type Query = Readonly<Record<string, string | number | boolean | null | undefined>>
export type Method = 'POST' | 'PUT' | 'PATCH' | 'DELETE'
export type Headers = Readonly<Record<string, string>>

/** All throw ApiProblem. Answers have the type that the caller says. */
export interface Api {
  get<T>(path: string, query?: Query, signal?: AbortSignal): Promise<T>
  send<T>(method: Method, path: string, body?: object, headers?: Headers): Promise<T>
  /** The file as the body. `onProgress`: how much of it has gone, from 0 to 1. */
  upload<T>(path: string, file: Blob, onProgress?: (part: number) => void, headers?: Headers, method?: 'POST' | 'PUT'): Promise<T>
  /** Asks for CSV, and has the browser keep it under this name. */
  download(path: string, query: Query, filename: string): Promise<void>
}

const MOST_WAIT_S = 60
const MOST_TRIES = 5
/** Calls over many take long; nobody waits longer than this. */
const TIMEOUT_MS = 120_000

const unreachable = () => new ApiProblem(problem('unavailable', 'The server does not answer.'))

function addressOf(path: string, query: Query): string {
  const given = Object.entries(query).filter(([, value]) => value !== undefined && value !== null && value !== '')
  return given.length === 0 ? path : `${path}?${new URLSearchParams(given.map(([name, value]) => [name, String(value)]))}`
}

/** Of an answer that is no success. */
function problemIn(status: number, text: string): Problem {
  try {
    const found = JSON.parse(text) as Partial<Problem>
    if (typeof found.code === 'string') return found as Problem
  } catch {
    // Of a proxy on the way.
  }
  return problem('unavailable', `The server answered ${status}.`)
}

const inTime = (signal?: AbortSignal): AbortSignal => AbortSignal.any([AbortSignal.timeout(TIMEOUT_MS), ...(signal ? [signal] : [])])

const pause = (seconds: number) => new Promise((resolve) => setTimeout(resolve, seconds * 1000))

export function createApi(session: Session): Api {
  /** `attempt` makes the call once, with this token. */
  async function withToken<T>(attempt: (token: string) => Promise<T>): Promise<T> {
    let isRenewed = false
    for (let tries = 1; ; tries++) {
      try {
        return await attempt(await lastToken())
      } catch (error) {
        if (!(error instanceof ApiProblem)) throw error
        const { status, code, retryAfter = 1 } = error.problem
        if (status === 401 && !isRenewed && session.tokens.renewable()) {
          isRenewed = true
          await session.tokens.ask().catch(() => session.end())
        } else if (code === 'rate_limited' && retryAfter <= MOST_WAIT_S && tries < MOST_TRIES) await pause(retryAfter)
        else {
          if (status === 401) session.end()
          throw error
        }
      }
    }
  }

  async function lastToken(): Promise<string> {
    try {
      return await session.tokens.last()
    } catch (error) {
      session.end()
      throw new ApiProblem(problem('token_missing', error instanceof Error ? error.message : 'There is no token.'))
    }
  }

  async function answerOf(path: string, init: RequestInit): Promise<Response> {
    const response = await fetch(path, { ...init, credentials: 'omit', cache: 'no-store' }).catch(() => {
      throw unreachable()
    })
    if (!response.ok) throw new ApiProblem(problemIn(response.status, await response.text().catch(() => '')))
    return response
  }

  async function json<T>(response: Response): Promise<T> {
    if (response.status === 204) return undefined as T
    return (await response.json().catch(() => {
      throw unreachable()
    })) as T
  }

  return {
    get: (path, query = {}, signal) =>
      withToken(async (token) => {
        const given = inTime(signal)
        return json(await answerOf(addressOf(path, query), { headers: { authorization: `Bearer ${token}` }, signal: given }))
      }),
    send: (method, path, body, headers = {}) =>
      withToken(async (token) => {
        const own = body === undefined ? {} : { 'content-type': 'application/json' }
        const init = { method, headers: { authorization: `Bearer ${token}`, ...own, ...headers }, signal: inTime() }
        return json(await answerOf(path, body === undefined ? init : { ...init, body: JSON.stringify(body) }))
      }),
    upload: (path, file, onProgress = () => {}, headers = {}, method = 'POST') =>
      withToken((token) => uploadOnce(method, path, file, { authorization: `Bearer ${token}`, ...headers }, onProgress)),
    download: (path, query, filename) =>
      withToken(async (token) => {
        const headers = { authorization: `Bearer ${token}`, accept: 'text/csv' }
        // As long as it takes: it may be a million rows.
        const response = await answerOf(addressOf(path, query), { headers })
        const kept = await response.blob().catch(() => {
          throw unreachable()
        })
        saveAs(kept, filename)
      }),
  }
}

/** By XMLHttpRequest: `fetch` does not say how much of a body has gone. */
function uploadOnce<T>(method: string, path: string, file: Blob, headers: Headers, onProgress: (part: number) => void): Promise<T> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest()
    request.open(method, path)
    for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value)
    request.upload.onprogress = ({ loaded, total }) => onProgress(total === 0 ? 1 : loaded / total)
    request.onerror = () => reject(unreachable())
    request.onabort = () => reject(unreachable())
    request.onload = () => {
      const { status, responseText } = request
      if (status < 200 || status >= 300) return reject(new ApiProblem(problemIn(status, responseText)))
      try {
        resolve((status === 204 ? undefined : JSON.parse(responseText)) as T)
      } catch {
        reject(unreachable())
      }
    }
    request.send(file)
  })
}

function saveAs(content: Blob, filename: string): void {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(content)
  link.download = filename
  link.click()
  // The browser has begun to keep it by then.
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000)
}
