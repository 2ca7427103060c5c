// One person, erased or exported through the running server, so that every browser hears of it.
import { writeFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import type { Contact } from '../../shared/model.ts'
import type { Problem } from '../../shared/problems.ts'
import type { Config } from '../config.ts'
import { signToken } from './token.ts'
import { UsageError } from './usage-error.ts'

export async function eraseContact(config: Config, args: string[]): Promise<void> {
  const { values } = parseArgs({ args, options: { ...options, yes: { type: 'boolean' } } })
  const ask = await askServer(config, values.url)
  const contact = await findContact(ask, values.contact)
  if (!values.yes) throw new UsageError(`This erases ${contact.id} for good. Export it first, if need be; then say --yes.`)
  await ask('DELETE', `/api/contacts/${encodeURIComponent(contact.id)}`)
  console.log(`Erased: ${contact.id}. That they opted out, where they did, stays under the address.`)
}

export async function exportContact(config: Config, args: string[]): Promise<void> {
  const { values } = parseArgs({ args, options: { ...options, to: { type: 'string' } } })
  const ask = await askServer(config, values.url)
  const contact = await findContact(ask, values.contact)
  const document = await (await ask('GET', `/api/contacts/${encodeURIComponent(contact.id)}/export`)).text()
  if (values.to === undefined) process.stdout.write(document)
  else await writeFile(values.to, document, { flag: 'wx', mode: 0o600 })
}

const options = { contact: { type: 'string' }, url: { type: 'string' } } as const

type Ask = (method: string, path: string) => Promise<Response>

async function askServer(config: Config, url: string | undefined): Promise<Ask> {
  const token = await signToken(config, { sub: 'command-line', name: 'Hilo', role: 'service', hours: 0.25 })
  const base = url ?? `http://127.0.0.1:${config.port}`
  return async (method, path) => {
    const headers = { authorization: `Bearer ${token}` }
    const response = await fetch(new URL(path, base), { method, headers }).catch((cause: unknown) => {
      throw new UsageError(`No server answers at ${base}. Start it, or give its address with --url.`, { cause })
    })
    if (response.ok) return response
    const { code, detail } = (await response.json()) as Problem
    throw new UsageError(`Not done (${code}): ${detail}`)
  }
}

/** By its id, the host's client id or a number. */
async function findContact(ask: Ask, wanted: string | undefined): Promise<Contact> {
  if (!wanted) throw new UsageError('Say whom: --contact with an id, a client id or a number.')
  const byId = await ask('GET', `/api/contacts/${encodeURIComponent(wanted)}`).catch(() => null)
  if (byId !== null) return (await byId.json()) as Contact
  const found: Contact[] = []
  for (let cursor: string | null = null; ; ) {
    const query = new URLSearchParams({ q: wanted, limit: '100', ...(cursor === null ? {} : { cursor }) })
    const page = (await (await ask('GET', `/api/contacts?${query}`)).json()) as { items: Contact[]; nextCursor: string | null }
    found.push(...page.items.filter((one) => isWanted(one, wanted)))
    if (page.nextCursor === null) break
    cursor = page.nextCursor
  }
  const [first, second] = found
  if (first === undefined) throw new UsageError('There is no such contact.')
  if (second !== undefined) throw new UsageError(`There are several: ${found.map(({ id }) => id).join(', ')}. Give the id.`)
  return first
}

const isWanted = ({ externalId, addresses }: Contact, wanted: string): boolean =>
  externalId === wanted || addresses.some(({ address, phone }) => address === wanted || phone === wanted)
