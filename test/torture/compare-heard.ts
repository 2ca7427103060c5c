// Compares what clients heard live with what was due: each change within two seconds, by every client that was connected and, where
// only viewers are told, that showed the thread.
//
// No clock of a busy machine decides. A client asks its server something small all the time (a beat), and a line keeps
// order: what the server told before it answered has arrived before the answer. A change is due to a client whose line held
// from before it happened until a beat that was asked a second after it and answered before two were over; then the
// server lived and did not stall. All others are excused. Where there are several servers it is asked a second later: what
// happened at another one crosses by the database, of whose speed no beat says anything. While a server cannot read it, and in
// the five seconds after in which docs/delivery.md promises that it catches up, its clients are excused.
import { createDifferences, type Difference } from './difference.ts'
import type { Span } from './faults.ts'
import type { Heard } from './heard.ts'

export interface Due {
  what: string
  detail: string
  /** It happened between these; at `to` the server had said that it is durable. */
  from: number
  to: number
  /** Told to those who show it only, or to all. */
  audience: 'all' | 'viewers'
  /** A message: some clients hold those of threads that they show, and no others. */
  inThread: boolean
  /** Null: in none, as a client's first message. */
  conversationId: string | null
  /** Null: everybody's. */
  agentId: string | null
  isHeard(client: Heard, by: number): boolean
  /** What a client held of it, and when: for whoever looks for the reason. */
  held?(client: Heard): string
}

export interface HeardResult {
  differences: Difference[]
  /** By what was due: how often a client had to have heard it, and did or did not. */
  asked: Map<string, number>
  excused: number
}

const CROSSES_MS = 1_000
/** After the database was away. */
const CATCHES_UP_MS = 5_000
/** From the question to the answer. */
const LIVES_MS = 1_000

export function compareHeard(
  clients: readonly Heard[],
  dues: readonly Due[],
  { servers = 1, away = [] }: { servers?: number; away?: readonly Span[] } = {},
): HeardResult {
  const crossesMs = servers > 1 ? 2 * CROSSES_MS : CROSSES_MS
  const { all, differ } = createDifferences()
  const asked = new Map<string, number>()
  let excused = 0
  for (const due of dues)
    for (const client of clients) {
      if (due.agentId !== null && due.agentId !== client.agentId) continue
      const by = answeredBy(client, due.to + crossesMs)
      const reliable =
        by !== null &&
        by <= due.to + crossesMs + LIVES_MS &&
        holds(client.lines, due.from, by) &&
        !(servers > 1 && away.some(({ from, to }) => due.from < to + CATCHES_UP_MS && from < by)) &&
        ((due.audience === 'all' && (client.holdsAll || !due.inThread)) ||
          holds(
            client.shown.filter(({ conversationId }) => conversationId === due.conversationId),
            due.from,
            by,
          ))
      if (!reliable) {
        excused++
        continue
      }
      asked.set(due.what, (asked.get(due.what) ?? 0) + 1)
      if (!due.isHeard(client, by))
        differ(
          `not heard: ${due.what}`,
          `${client.client}: ${due.detail}, ${by - due.to} ms after it was, at ${new Date(due.to).toISOString()}${due.held?.(client) ?? ''}`,
        )
    }
  return { differences: all, asked, excused }
}

/** When the first beat that was asked so late was answered. */
function answeredBy({ beats }: Heard, from: number): number | null {
  let [low, high] = [0, beats.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((beats[middle]?.askedAt ?? 0) < from) low = middle + 1
    else high = middle
  }
  return beats[low]?.answeredAt ?? null
}

const holds = (spans: readonly { from: number; to: number }[], from: number, to: number) =>
  spans.some((span) => span.from <= from && span.to >= to)
