// Starts the server as a user whom file modes bind: everything is loaded first, then the rights of root are given up.
import { run } from '../../server/run.ts'
import '../../server/store/sqlite/open.ts'

if (process.getuid?.() === 0) {
  process.setgroups?.([])
  process.setgid?.(65_534)
  process.setuid?.(65_534)
}
await run(process.env)
