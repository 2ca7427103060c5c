// A send that becomes several messages: the first has its key and what it answers, the others follow with ids that are known from the
// first one's, so that a repeat finds them.
import type { Draft } from '../store/records.ts'

/** More than any send has. */
const MOST = 99

const partId = (firstId: string, place: number): string => (place === 0 ? firstId : `${firstId}_${String(place + 1).padStart(2, '0')}`)

/** Ids of the messages that may have gone with this one, in their order. */
export function* partIds(firstId: string): Generator<string> {
  for (let place = 1; place < MOST; place++) yield partId(firstId, place)
}

export function partsOf({ parts = [], ...first }: Draft): [Draft, ...Draft[]] {
  const others = parts.map((part, place) => ({
    ...first,
    ...part,
    id: partId(first.id, place + 1),
    ...{ template: null, content: null, planB: null, replyToId: null, key: null },
    clientMessageId: first.clientMessageId && partId(first.clientMessageId, place + 1),
  }))
  return [first, ...others]
}
