// A change as data, a step for each field. Who has read the thing applies them; a store that writes without reading first
// turns them into its own update.

export type Step<Value> =
  | { set: Value }
  | { add: number }
  /** The later of two times; none is before all. */
  | { latest: number }
  /** The earlier of two times; none is after all. */
  | { earliest: number }
  /** Only where there is none. */
  | { orElse: Value }
  /** Those that a list lacks are put behind it. */
  | { also: readonly string[] }
  /** The value that another field had before. */
  | { same: string }

export type Steps<Facts> = { readonly [Field in keyof Facts]?: Step<Facts[Field]> }

export function applySteps<Facts extends object, Fields extends Partial<Record<keyof Facts, unknown>>>(
  before: Facts,
  steps: Steps<Fields>,
): Facts {
  const entries = Object.entries(steps) as [string, Step<unknown>][]
  const values = before as Readonly<Record<string, unknown>>
  return { ...before, ...Object.fromEntries(entries.map(([field, step]) => [field, valueAfter(values, field, step)])) }
}

function valueAfter(before: Readonly<Record<string, unknown>>, field: string, step: Step<unknown>): unknown {
  const value = before[field]
  if ('set' in step) return step.set
  if ('add' in step) return (value as number) + step.add
  if ('latest' in step) return Math.max((value as number | null) ?? step.latest, step.latest)
  if ('earliest' in step) return Math.min((value as number | null) ?? step.earliest, step.earliest)
  if ('orElse' in step) return value ?? step.orElse
  if ('also' in step) return [...new Set([...(value as readonly string[]), ...step.also])]
  return before[step.same]
}
