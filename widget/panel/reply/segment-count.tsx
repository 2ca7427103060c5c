// How many SMS a text is: what carriers bill.
import { countSegments } from '../../../shared/segments.ts'
import { useShared } from '../shared-state.ts'

export function SegmentCount({ text }: { text: string }) {
  const { words, say } = useShared()
  return <span class="seg">{say(words.segments, { n: text.length, k: countSegments(text).segments })}</span>
}
