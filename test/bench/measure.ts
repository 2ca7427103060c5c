// Medians, percentiles and the tables that are printed.

export function percentile(values: readonly number[], part: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.NaN
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? (sorted[middle] ?? Number.NaN) : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2
}

export interface Row {
  what: string
  ours: string
  baseline: string
  /** Ours against the baseline, or against a limit. */
  ratio: string
  goal: string
  met: boolean
}

export function figure(value: number, unit = ''): string {
  const digits = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2
  return `${value.toFixed(digits)}${unit === '' ? '' : ` ${unit}`}`
}

/** A Markdown table, as it goes into the README. */
export function table(rows: readonly Row[]): string {
  const head = ['What', 'Hilo', 'Baseline', 'Ratio', 'Goal', '']
  const lines = rows.map((row) => [row.what, row.ours, row.baseline, row.ratio, row.goal, row.met ? 'met' : 'missed'])
  return [head, head.map(() => '---'), ...lines].map((cells) => `| ${cells.join(' | ')} |`).join('\n')
}
