// `npm run torture -- --kills 30 --store sqlite|mongo --seed 1`: the kill run, with its figures.
import { parseArgs } from 'node:util'
import { killRun } from './kill-run.ts'

const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '30' },
    store: { type: 'string', default: 'sqlite' },
    seed: { type: 'string' },
    webhooks: { type: 'string', default: '60' },
    sends: { type: 'string', default: '25' },
  },
})
const mongoUrl = values.store === 'mongo' ? process.env.MONGODB_URL : null
if (mongoUrl === undefined) throw new Error('--store mongo needs MONGODB_URL.')
const seed = values.seed === undefined ? Math.floor(Math.random() * 2 ** 32) : Number(values.seed)
console.log(`seed ${seed}, store ${values.store}`)
const result = await killRun({
  kills: Number(values.kills),
  webhooksPerSecond: Number(values.webhooks),
  sendsPerSecond: Number(values.sends),
  mongoUrl,
  seed,
  report: (line) => console.log(line),
})
const restarts = result.restartsMs.sort((a, b) => a - b)
console.log(
  `${result.kills} kills, ${result.inbound} written, ${result.outbound} sent, ready again after ${restarts[Math.floor(restarts.length / 2)]} ms (median), ` +
    `${result.differences.length} differences`,
)
for (const { what, detail } of result.differences.slice(0, 40)) console.log(`  ${what}: ${detail}`)
process.exit(result.differences.length === 0 ? 0 : 1)
