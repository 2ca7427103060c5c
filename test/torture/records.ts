// The records that clients of a run have: none, one, several, some of them over. They stand from the start, so that what the
// rules make of a message is known.
import { until } from '../support/until.ts'
import type { TortureAgent } from './agents.ts'

export interface ClientRecords {
  open: readonly string[]
  closed: readonly string[]
  /** Their conversations are filed under a record now and then; messages of the others are moved. */
  filed: boolean
  /** Its messages may come into another thread. */
  moved: boolean
}

const kinds: readonly { open: number; closed: number; filed: boolean }[] = [
  { open: 0, closed: 0, filed: false },
  { open: 1, closed: 0, filed: false },
  { open: 2, closed: 0, filed: false },
  { open: 2, closed: 1, filed: false },
  { open: 0, closed: 1, filed: false },
  { open: 2, closed: 0, filed: true },
]

/** Of the client with this number in the run. */
export function recordsOf(index: number): ClientRecords {
  const { open, closed, filed } = kinds[index % kinds.length] as (typeof kinds)[number]
  const ids = (count: number, name: string) => Array.from({ length: count }, (_, i) => `${name}-${index}-${i + 1}`)
  return { open: ids(open, 'open'), closed: ids(closed, 'closed'), filed, moved: open + closed > 0 }
}

/** Tells the server of all of them, before anybody writes. */
export async function saveRecords(agent: TortureAgent, addresses: readonly string[]): Promise<void> {
  const bodies = addresses.flatMap((phone, index) => {
    const { open, closed } = recordsOf(index)
    return [...open, ...closed].map((id) => ({
      id,
      title: `Evento ${id}`,
      contact: { name: `Cliente ${index}`, phone },
      startsAt: '2030-01-05T20:00:00.000Z',
      status: closed.includes(id) ? 'done' : 'active',
    }))
  })
  await until(async () => (await agent.call('PUT', '/api/coordinations', bodies)).status === 200, {
    everyMs: 300,
    what: 'saving the records',
  })
}
