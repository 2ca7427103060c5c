// The rules of a line: one of our senders and one address of a contact. Its window, its opt-out, the record last spoken about and
// the order of sending belong to it, whichever threads go over it. When a window is open: shared/window.ts.
import type { Channel } from '../../shared/model.ts'

/** A line as the rules see it. `key`: the normalised form of its address, one line for each. */
export interface LineFacts {
  key: string
  contactId: string
}

/** Who asks for a line: a contact, and the keys of its address, the best first. A line is kept under the first. */
export interface LineRequest {
  contactId: string
  keys: readonly [string, ...string[]]
}

/** The same with all that a store needs where it has to make the line. */
export interface LinePlace extends LineRequest {
  orgId: string
  channel: Channel
  sender: string
  address: string
  phone: string | null
}

/** The line under the first key is the address's, whoever's it was; one under another form only where it is this contact's. */
export function findLine<Line extends LineFacts>(
  { keys, contactId }: LineRequest,
  lineUnder: (key: string) => Line | undefined,
): Line | undefined {
  for (const key of keys) {
    const line = lineUnder(key)
    if (line && (key === keys[0] || line.contactId === contactId)) return line
  }
  return undefined
}

export interface LineChange extends Partial<LineFacts> {
  lastRecord?: null
}

/** The change to a line that is asked for; null: none. Another contact's record is none of the new one's. */
export function changeLine(line: LineFacts, { keys, contactId }: LineRequest): LineChange | null {
  const change: LineChange = {
    ...(line.key === keys[0] ? {} : { key: keys[0] }),
    ...(line.contactId === contactId ? {} : { contactId, lastRecord: null }),
  }
  return Object.keys(change).length === 0 ? null : change
}

/** Said at a time; it holds where nothing later was said. As data, so that a store can commit it without reading first. */
export interface Latest<Fields> {
  at: number
  set: Fields
  /** Set only where there is nothing yet. */
  orElse?: Fields
}

/** The fields of its client that a line shows. */
export interface LineShown {
  address: string
  phone: string | null
  lastInboundAt: number | null
}

type Heard = { createdAt: number; address: string | null; phone: string | null }

/** The change that an inbound message makes to its line: the window counts from it, and answers go where it came from. */
export function hear({ createdAt, address, phone }: Heard): Latest<Partial<Pick<LineShown, 'address'> & { phone: string }>> {
  return {
    at: createdAt,
    // Whoever hides the number now does not take back the one that we know.
    set: { ...(address === null ? {} : { address }), ...(phone === null ? {} : { phone }) },
  }
}

/** The line, or a thread that shows it, after an inbound message; the same where a later one was heard. */
export function afterInbound<Line extends LineShown>(line: Line, message: Heard): Line {
  const { at, set } = hear(message)
  return at >= (line.lastInboundAt ?? at) ? { ...line, ...set, lastInboundAt: at } : line
}

/** Of two threads that are joined: the joined one goes over the line that the client wrote on last. */
export function lineOfJoined<Thread extends Pick<LineShown, 'lastInboundAt'>>(target: Thread, source: Thread): Thread {
  return (source.lastInboundAt ?? 0) > (target.lastInboundAt ?? 0) ? source : target
}
