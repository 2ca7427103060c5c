// One of an agent's tabs speaks of a message, and the one that is looked at goes first. No tab needs to know of another:
// whoever takes the message's lock speaks, or keeps silent for all of them.

export interface Place {
  locks: LockManager | null
  /** 0: it shows what this is about. 1: it is looked at. 2: it was touched and may sound. 3: none of these. */
  rank(): 0 | 1 | 2 | 3
}

/** Hidden tabs run their timers once a second. */
const STEP_MS = 150
const HELD_MS = 10_000

/** Runs `speak` in at most one tab per name; where the browser has no locks, in each. */
export async function speakOnce({ locks, rank }: Place, name: string, speak: () => void, signal: AbortSignal): Promise<void> {
  await pause(rank() * STEP_MS, signal)
  if (signal.aborted) return
  if (locks === null) return speak()
  await locks.request(`hilo said ${name}`, { ifAvailable: true }, async (lock) => {
    if (lock === null) return
    speak()
    await pause(HELD_MS, signal)
  })
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (ms === 0 || signal.aborted) return resolve()
    const timer = setTimeout(resolve, ms)
    signal.addEventListener('abort', () => {
      clearTimeout(timer)
      resolve()
    })
  })
}
