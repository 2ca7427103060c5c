// From messages to what stands in the transcript: day separators, the "new messages" line, who goes with whom.
import { isHeld } from '../../shared/held.ts'
import type { Message } from '../../shared/model.ts'
import { sameDay, type Zone } from '../locales/format.ts'
import type { Unsent, UnsentPart } from '../client/client.ts'

const GROUP_MS = 5 * 60_000

export type Item =
  | { kind: 'day'; key: string; at: string }
  | { kind: 'new'; key: 'new' }
  | { kind: 'recovered'; key: string; count: number }
  /** `moved`: by one move, so many messages; 0: it tells of something else. */
  | { kind: 'line'; key: string; message: Message; moved: number }
  | { kind: 'note'; key: string; message: Message }
  | {
      kind: 'bubble'
      key: string
      /** One of the two. */
      message: Message | null
      unsent: Unsent | null
      /** Of a send with files, one of the messages that it becomes; null: it has no files. */
      part: UnsentPart | null
      /** When it was written, by the server's clock. */
      at: string
      /** By the same author as the one above, within five minutes. */
      next: boolean
      /** The last one of ours: its state is said in words. */
      isLastOwn: boolean
      /** Tried again since: what to do about it was done. */
      isRetried: boolean
    }

export interface Lines {
  zone: Zone
  /** The line stands before the first inbound message after this one; null: no line. */
  newAfterSeq: number | null
  /** Our clock less the server's, ms. */
  skewMs?: number
}

/** Its place in the page stays when the server acknowledges it. */
export function keyOf(message: Message): string {
  return message.clientMessageId ?? message.id
}

/** As the server calls what goes with the first. */
const partKey = (id: string, place: number) => (place === 0 ? id : `${id}_${String(place + 1).padStart(2, '0')}`)

/** By which move it came or went; null: by none. One move tells of itself once. */
function moveOf({ moved, arrived, author, createdAt }: Message): string | null {
  if (arrived) return `here ${arrived.undoId ?? `${arrived.by.id} ${arrived.at}`}`
  return moved ? `away ${moved.undoId ?? `${author.id} ${createdAt}`}` : null
}

export function transcriptItems(messages: readonly Message[], unsent: readonly Unsent[], { zone, newAfterSeq, skewMs = 0 }: Lines): Item[] {
  const items: Item[] = []
  const retried = new Set(messages.map((message) => message.retryOf))
  const lastOwn = unsent.length > 0 ? null : messages.findLast((one) => one.direction === 'outbound' && one.seq !== null)?.id
  let day: string | null = null
  let above: { by: string; at: number } | null = null
  let hasLine = newAfterSeq === null

  function separate(at: string): void {
    if (day !== null && sameDay(zone, day, at)) return
    day = at
    above = null
    items.push({ kind: 'day', key: `day ${at.slice(0, 10)} ${items.length}`, at })
  }

  function isNext(by: string, at: number): boolean {
    const next = above !== null && above.by === by && at - above.at < GROUP_MS
    above = { by, at }
    return next
  }

  for (const [index, message] of messages.entries()) {
    // A planned message says its own day; a held one is as good as gone.
    const isHere = message.seq !== null || isHeld(message)
    if (isHere) separate(message.createdAt)
    if (!hasLine && message.direction === 'inbound' && message.seq !== null && message.seq > (newAfterSeq ?? 0)) {
      hasLine = true
      above = null
      items.push({ kind: 'new', key: 'new' })
    }
    if (message.recovered && !messages[index - 1]?.recovered) {
      const end = messages.findIndex((one, at) => at > index && !one.recovered)
      items.push({ kind: 'recovered', key: `recovered ${message.id}`, count: (end < 0 ? messages.length : end) - index })
      above = null
    }
    const key = keyOf(message)
    const move = moveOf(message)
    if (move !== null) {
      const isPart = (at: number) => messages[at] !== undefined && moveOf(messages[at]) === move
      // Above the first that came, in the place of the last that went.
      const step = message.arrived ? 1 : -1
      if (!isPart(index - step)) {
        above = null
        let moved = 1
        while (isPart(index + step * moved)) moved++
        items.push({ kind: 'line', key: message.arrived ? `arrived ${message.id}` : key, message, moved })
      }
    }
    if (message.type === 'note') {
      above = null
      items.push({ kind: 'note', key, message })
    } else if (message.direction === 'internal') {
      if (move !== null) continue
      above = null
      items.push({ kind: 'line', key, message, moved: 0 })
    } else {
      const by = `${message.direction} ${message.author.type} ${message.author.id ?? message.author.name}`
      const next = isHere && isNext(by, Date.parse(message.createdAt))
      const isRetried = retried.has(message.id)
      const place = { at: message.createdAt, next, isLastOwn: message.id === lastOwn, isRetried }
      items.push({ kind: 'bubble', key, message, unsent: null, part: null, ...place })
    }
  }
  // It is of no day until the server has it: left over night it would put yesterday below today.
  for (const one of unsent) {
    const ms = one.createdAt - skewMs
    const at = new Date(ms).toISOString()
    const parts = one.parts ?? [null]
    for (const [place, part] of parts.entries()) {
      const key = partKey(one.clientMessageId, place)
      const next = isNext('unsent', ms)
      items.push({ kind: 'bubble', key, message: null, unsent: one, part, at, next, isLastOwn: false, isRetried: false })
    }
  }
  return items
}

/** Takes the former object where nothing in it changed, so that only what changed is drawn again. */
export function keepItems(before: readonly Item[], now: readonly Item[]): Item[] {
  const known = new Map(before.map((item) => [item.key, item]))
  return now.map((item) => {
    const old = known.get(item.key)
    const same = old && Object.entries(item).every(([name, value]) => Object.is(value, old[name as keyof Item]))
    return same ? old : item
  })
}
