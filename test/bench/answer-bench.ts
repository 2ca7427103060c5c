// The answer of every measured process to the bench: its CPU time, its memory after a collection, and when to stop.

export function answerBench(url: string, stop: () => Promise<void> | void): void {
  process.on('message', async (question: string) => {
    if (question === 'cpu') {
      const { user, system } = process.cpuUsage()
      process.send?.({ cpuMs: (user + system) / 1000 })
    } else if (question === 'peak') process.send?.({ resident: process.resourceUsage().maxRSS * 1024 })
    else if (question === 'memory') {
      for (let i = 0; i < 3; i++) {
        globalThis.gc?.()
        await new Promise((resolve) => setTimeout(resolve, 100))
      }
      const { heapUsed, external, rss } = process.memoryUsage()
      process.send?.({ used: heapUsed + external, resident: rss })
    } else {
      await stop()
      process.exit(0)
    }
  })
  process.on('disconnect', () => process.exit(1))
  process.send?.({ url })
}
