// The process starts here. Compiled code is cached between starts, which shortens the way to the first answer.
import { enableCompileCache } from 'node:module'

enableCompileCache()
const { run } = await import('./run.ts')
await run(process.env)
