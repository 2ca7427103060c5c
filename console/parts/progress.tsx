// How far something is, whole or in parts of several kinds. The words beside it say the same.
import type { PillKind } from './pill.tsx'

interface ProgressProps {
  label: string
  /** Of `total`; each in the colour of its kind. */
  parts: readonly { kind: PillKind; n: number }[]
  total: number
}

export function Progress({ label, parts, total }: ProgressProps) {
  const done = parts.reduce((sum, { n }) => sum + n, 0)
  const percent = (n: number) => (total === 0 ? 0 : (100 * n) / total)
  return (
    <div
      class="progress"
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={Math.round(percent(done))}
    >
      {parts.map(({ kind, n }) => n > 0 && <span key={kind} class={kind} style={{ width: `${percent(n)}%` }} />)}
    </div>
  )
}
