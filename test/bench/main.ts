// `npm run bench`: the figures of docs, each against a baseline measured in the same run. `-- --quick` takes under a minute.
import { table, type Row } from './measure.ts'
import { type CaseName, caseNames, onlyByName, readOptions, type Options } from './options.ts'

/** Checked together with the widget: it speaks of what only browsers have. */
const inBrowser: string = './cases/widget.ts'
const cases: Record<CaseName, (options: Options) => Promise<Row[]>> = {
  ingest: async (options) => (await import('./cases/ingest.ts')).ingest(options),
  live: async (options) => (await import('./cases/live.ts')).live(options),
  send: async (options) => (await import('./cases/send.ts')).send(options),
  idle: async (options) => (await import('./cases/idle.ts')).idle(options),
  start: async (options) => (await import('./cases/start.ts')).start(options),
  processes: async (options) => (await import('./cases/processes.ts')).processes(options),
  media: async (options) => (await import('./cases/media.ts')).media(options),
  automations: async (options) => (await import('./cases/automations.ts')).automations(options),
  import: async (options) => (await import('./cases/import.ts')).importing(options),
  history: async (options) => (await import('./cases/history.ts')).history(options),
  widget: async (options) => ((await import(inBrowser)) as { widget(options: Options): Promise<Row[]> }).widget(options),
}

const options = readOptions(process.argv.slice(2), process.env)
const rows: Row[] = []
const began = performance.now()
for (const name of caseNames) {
  if (options.only.length > 0 ? !options.only.includes(name) : onlyByName.includes(name)) continue
  process.stderr.write(`${name} … `)
  const at = performance.now()
  rows.push(...(await cases[name](options)))
  process.stderr.write(`${Math.round((performance.now() - at) / 1000)} s\n`)
}
console.log(`\n${table(rows)}\n`)
console.log(
  `${options.mongoUrl === null ? 'SQLite' : 'MongoDB'}, Node ${process.versions.node}, ${options.quick ? 'quick' : 'full'} run, ${Math.round((performance.now() - began) / 1000)} s.`,
)
process.exit(0)
