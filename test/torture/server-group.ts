// Several servers on one database, treated as one: what ends, ends one of them; what is asked or told concerns all.
import type { ServerProcess } from './server-process.ts'

/** @param dice chooses whom a signal meets. */
export function createServerGroup(servers: readonly [ServerProcess, ...ServerProcess[]], dice: (limit: number) => number): ServerProcess {
  const [first] = servers
  if (servers.length === 1) return first
  return {
    url: first.url,
    end: (signal, thenKillAfterMs) => (servers[dice(servers.length)] ?? first).end(signal, thenKillAfterMs),
    freeze: (choose) => (servers[choose(servers.length)] ?? first).freeze(choose),
    ready: async (timeoutMs) => Math.max(...(await Promise.all(servers.map((one) => one.ready(timeoutMs))))),
    setClock: (ms) => {
      for (const one of servers) one.setClock(ms)
    },
    excuse: (by) => {
      for (const one of servers) one.excuse(by)
    },
    restarts: () => servers.reduce((sum, one) => sum + one.restarts(), 0),
    faults: () => servers.flatMap((one) => one.faults()),
    close: async () => {
      await Promise.all(servers.map((one) => one.close()))
    },
  }
}
