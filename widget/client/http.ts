// Calls over HTTP: those that exist nowhere else, and all of them where WebSockets do not pass.
import type { Answer, ClientToServer } from '../../shared/events.ts'
import type { Problem, ProblemCode } from '../../shared/problems.ts'
import { toJson } from './to-json.ts'
import type { TokenSource } from './token.ts'

const TIMEOUT_MS = 15_000

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
export type Http = <T extends object>(method: Method, path: string, body?: object) => Promise<Answer<T>>

export type Event = keyof ClientToServer
export type Body<E extends Event> = Parameters<ClientToServer[E]>[0]
type Ack<E extends Event> = Parameters<ClientToServer[E]>[1]
export type Reply<E extends Event> = Parameters<Ack<E>>[0]

/** An answer that we give ourselves. */
export function failed(code: ProblemCode, detail: string, status = 0): { ok: false; error: Problem } {
  return { ok: false, error: { type: `urn:hilo:problem:${code}`, title: detail, status, code, detail } }
}
export const unreachable = () => failed('unavailable', 'The server does not answer.', 503)

export function createHttp(origin: string, tokens: TokenSource): Http {
  async function send(method: Method, path: string, body: object | undefined, token: string): Promise<Response> {
    return await fetch(origin + path, {
      method,
      credentials: 'omit',
      cache: 'no-store',
      headers: { authorization: `Bearer ${token}`, ...(body ? { 'content-type': 'application/json' } : {}) },
      signal: AbortSignal.timeout(TIMEOUT_MS),
      ...(body ? { body: toJson(body) } : {}),
    })
  }

  return async <T extends object>(method: Method, path: string, body?: object): Promise<Answer<T>> => {
    try {
      let response = await send(method, path, body, await tokens.last())
      if (response.status === 401 && tokens.renewable()) response = await send(method, path, body, await tokens.ask())
      const found = response.status === 204 ? {} : ((await response.json()) as object)
      if (response.ok) return { ok: true, ...(found as T) }
      if ('code' in found) return { ok: false, error: found as Problem }
      return failed('unavailable', `The server answered ${response.status}.`, response.status)
    } catch {
      return unreachable()
    }
  }
}
