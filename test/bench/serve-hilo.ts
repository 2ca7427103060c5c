// The server under test: what main.ts starts, in a process that the bench can ask.
import { readConfig } from '../../server/config.ts'
import { createServer } from '../../server/server.ts'
import { answerBench } from './answer-bench.ts'

const server = await createServer(readConfig(process.env))
answerBench(server.url, () => server.close())
