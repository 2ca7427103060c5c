// JSON as the server reads it, also on a page whose scripts gave arrays or strings a `toJSON` of their own (Prototype 1.6 did).

const prototypes = [Array.prototype, String.prototype, Number.prototype, Object.prototype] as { toJSON?: unknown }[]

/** Runs the task while the page's `toJSON`s are away. */
export function withoutForeignToJson<T>(task: () => T): T {
  const theirs = prototypes.filter((one) => Object.hasOwn(one, 'toJSON')).map((one) => [one, one.toJSON] as const)
  try {
    for (const [one] of theirs) delete one.toJSON
    return task()
  } finally {
    for (const [one, toJSON] of theirs) Object.defineProperty(one, 'toJSON', { value: toJSON, configurable: true, writable: true })
  }
}

export const toJson = (value: unknown): string => withoutForeignToJson(() => JSON.stringify(value))
