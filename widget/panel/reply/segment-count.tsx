// How many SMS a text is: what carriers bill.
import { countSegments } from '../../../shared/segments.ts'

export function SegmentCount({ text }: { text: string }) {
  return (
    <span class="seg">
      {text.length} · {countSegments(text).segments} SMS
    </span>
  )
}
