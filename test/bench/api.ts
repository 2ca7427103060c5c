// Calls of the HTTP API, for what a case must prepare or check.
import type { Started } from './processes.ts'
import { agentToken } from './settings.ts'

/** @throws Error with the answer where it is none of success. */
export async function callApi<T>(server: Started, path: string, body?: unknown, method = body === undefined ? 'GET' : 'POST'): Promise<T> {
  const response = await fetch(server.url + path, {
    method,
    headers: { authorization: `Bearer ${agentToken('bench', { role: 'supervisor' })}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`)
  return (await response.json()) as T
}
