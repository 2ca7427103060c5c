// Does something for each of many, some at a time.

/** Rejects as the first that does; the others go on to their end. */
export async function eachAtOnce<Given>(all: readonly Given[], atOnce: number, task: (one: Given) => Promise<void>): Promise<void> {
  const todo = all.values()
  const worker = async () => {
    for (const one of todo) await task(one)
  }
  await Promise.all(Array.from({ length: Math.min(atOnce, all.length) }, worker))
}
