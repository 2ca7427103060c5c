// Time, passed in, so that tests move it instead of sleeping.

export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number
  /** Milliseconds since some moment. Only rises, also while the machine's clock is set: for paces, and for how long something took. */
  elapsed(): number
  /** Runs `task` once after `delayMs`; the answer cancels it. Does not keep the process alive. */
  after(delayMs: number, task: () => void): () => void
}

export const systemClock: Clock = {
  now: () => Date.now(),
  elapsed: () => performance.now(),
  after(delayMs, task) {
    const timer = setTimeout(task, delayMs)
    timer.unref()
    return () => clearTimeout(timer)
  },
}

/** Runs `task` again and again, `pauseMs` after the one before has ended; a failure is told and ends nothing. The answer stops it. */
export function repeatAfter(clock: Clock, pauseMs: number, task: () => Promise<void>, failed: (error: unknown) => void): () => void {
  let stopped = false
  let cancel = plan()
  function plan(): () => void {
    return clock.after(pauseMs, () => {
      void task()
        .catch(failed)
        .finally(() => {
          if (!stopped) cancel = plan()
        })
    })
  }
  return () => {
    stopped = true
    cancel()
  }
}
