// `npm run torture -- --rounds 200 --store sqlite|mongo --seed 1 --faults kill,disk,…`: a run with its figures. Ends with
// status 1 on any difference, and where too few rounds met something that nobody can tell of. `--servers 2`: two processes on
// one MongoDB; `--redis`: and a Redis between them, which is killed, frozen, slowed, emptied and cut off; of several servers one is frozen, too. `--database COMMAND`: a MongoDB of its own (`COMMAND --port N --keep FOLDER`), which is killed, too.
// `--media`: pictures and files too, and clients who write STOP and START.
// `--prove` (`--only WORDS`): breaks each comparison's subject and each promise on purpose, and ends with 1 where nothing notices.
import { parseArgs } from 'node:util'
import { faults } from './faults.ts'
import { prove } from './prove.ts'
import { torture } from './torture.ts'

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '30' },
    store: { type: 'string', default: 'sqlite' },
    database: { type: 'string' },
    servers: { type: 'string', default: '1' },
    redis: { type: 'boolean', default: false },
    seed: { type: 'string' },
    faults: { type: 'string' },
    phones: { type: 'string', default: '80' },
    webhooks: { type: 'string', default: '10' },
    sends: { type: 'string', default: '6' },
    every: { type: 'string', default: '3500' },
    pairs: { type: 'string', default: '4' },
    pace: { type: 'string', default: '1' },
    media: { type: 'boolean', default: false },
    restart: { type: 'boolean', default: false },
    list: { type: 'boolean', default: false },
    prove: { type: 'boolean', default: false },
    only: { type: 'string' },
  },
})
if (values.list) {
  for (const { name, group } of faults) console.log(`${group.padEnd(10)} ${name}`)
  process.exit(0)
}
if (values.prove) process.exit((await prove(values.only ?? '', (line) => console.log(line))) ? 0 : 1)
const onMongo = values.store === 'mongo'
const url = process.env.MONGODB_URL
if (onMongo && values.database === undefined && url === undefined) throw new Error('--store mongo needs MONGODB_URL or --database.')
if (values.redis && values.servers === '1') throw new Error('--redis stands between several servers: --servers 2.')
if (!onMongo && values.servers !== '1') throw new Error('SQLite serves one process; --servers needs --store mongo.')
const seed = values.seed === undefined ? Math.floor(Math.random() * 2 ** 31) : Number(values.seed)
console.log(`seed ${seed}, store ${values.store}. The seed gives faults, their times, phones and texts; not this machine's speed.`)
// So that what is mounted is taken away.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130))
const begun = Date.now()
const result = await torture({
  rounds: Number(values.rounds),
  seed,
  mongo: !onMongo ? null : values.database === undefined ? { url: url ?? '' } : { command: values.database },
  servers: Number(values.servers),
  redis: values.redis,
  faults: values.faults?.split(',') ?? null,
  phones: Number(values.phones),
  writesPerSecond: Number(values.webhooks),
  sendsPerSecond: Number(values.sends),
  withMedia: values.media,
  everyMs: Number(values.every),
  pairEvery: Number(values.pairs),
  pace: Number(values.pace),
  restart: values.restart,
  seeded: null,
  report: (line) => console.log(`${new Date().toISOString().slice(11, 19)} ${line}`),
})

const counted = result.rounds.filter((round) => round.counts)
const drawn = new Map<string, number>()
for (const round of counted) for (const name of round.faults) drawn.set(name, (drawn.get(name) ?? 0) + 1)
const ready = counted.flatMap((round) => (round.faults.length === 1 && round.faults[0] === 'kill' ? [round.readyAfterMs] : []))
ready.sort((a, b) => a - b)
const share = result.unconfirmedRounds / Math.max(1, counted.length)
/** A run of a few chosen faults may have none that leaves anything unconfirmed. */
const tooFew = values.faults === undefined && share < 0.2

console.log(`\nseed ${seed}, store ${values.store}, ${values.servers} server(s), ${Math.round((Date.now() - begun) / 1000)} s`)
console.log(`rounds that count   ${counted.length} of ${result.rounds.length}`)
for (const [name, count] of [...drawn].sort(([a], [b]) => (a < b ? -1 : 1))) console.log(`  ${name.padEnd(20)} ${count}`)
for (const name of result.notDrawn) console.log(`  ${name.padEnd(20)} not possible here`)
console.log(`unconfirmed         ${result.unconfirmed} messages, in ${result.unconfirmedRounds} rounds (${Math.round(share * 100)} %)`)
console.log(`given up by agents  ${result.discarded}; sent again and come twice, knowingly ${result.twiceKnowingly}`)
console.log(`recovered           ${result.recovered}`)
console.log(
  `restarts            ${result.restarts}; ready again after SIGKILL in ${ready[Math.floor(ready.length / 2)] ?? '-'} ms (median)`,
)
console.log(`traffic             ${result.written} written, ${result.sent} sent`)
console.log(
  `of agents           ${Object.entries(result.desk)
    .map(([what, count]) => `${count} ${what}`)
    .join(', ')}`,
)
console.log(`routed              ${result.routed} for which one thread was possible`)
const heard = [...result.heard.values()].reduce((sum, count) => sum + count, 0)
console.log(`heard in time       ${heard} asked, ${result.excused} excused: a line, a server or a machine that did not hold`)
for (const [what, count] of [...result.heard].sort()) console.log(`  ${String(count).padStart(6)} ${what}`)
console.log(`differences         ${result.differences.length}`)
const kinds = new Map<string, number>()
for (const { what } of result.differences) kinds.set(what, (kinds.get(what) ?? 0) + 1)
for (const [what, count] of kinds) console.log(`  ${String(count).padStart(4)} ${what}`)
for (const kind of kinds.keys())
  for (const { what, detail } of result.differences.filter((one) => one.what === kind).slice(0, 6)) console.log(`  ${what}: ${detail}`)
if (tooFew) console.log('Fewer than one round in five met something unconfirmed.')
process.exit(result.differences.length === 0 && !tooFew ? 0 : 1)
