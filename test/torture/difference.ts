// The findings of a comparison: every difference is a line.
export interface Difference {
  what: string
  detail: string
}

/** Collects them. */
export function createDifferences(): { all: Difference[]; differ: (what: string, detail: string) => void } {
  const all: Difference[] = []
  return { all, differ: (what, detail) => void all.push({ what, detail }) }
}

/** Fields in one order, whatever order they came in. */
export function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, one: unknown) =>
    typeof one === 'object' && one !== null && !Array.isArray(one)
      ? Object.fromEntries(Object.entries(one).sort(([a], [b]) => (a < b ? -1 : 1)))
      : one,
  )
}
