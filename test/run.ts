// `npm test`: everything a change must pass, in the order that fails fastest. Says plainly what was not run, and ends
// with `N passed, N failed`. `--fast` leaves out what takes long, `--browser` runs what a browser drives and nothing else;
// all other arguments are vitest's.
import { spawnSync } from 'node:child_process'
import { join, relative } from 'node:path'
import { parts } from '../vitest.config.ts'
import { judgeReport, slowestFiles } from './gate/judge-report.ts'
import { runSuites } from './gate/run-suites.ts'

const here = process.cwd()
const ours = new Set(['--fast', '--browser'])
const isFast = process.argv.includes('--fast')
const isBrowserAlone = process.argv.includes('--browser')
const filters = process.argv.slice(2).filter((one) => !ours.has(one))
const mongo = isFast ? undefined : process.env.MONGODB_URL
const required = process.env.REQUIRE_MONGO === '1'
let passed = 0
let failed = 0

function run(title: string, command: string, args: string[]): void {
  console.log(`\n— ${title}`)
  const done = spawnSync(process.execPath, [join(here, 'node_modules', command), ...args], { stdio: 'inherit', cwd: here })
  if (done.status === 0) passed++
  else failed++
}

function suites(): void {
  console.log('\n— suites')
  const browser = isBrowserAlone ? parts.browserProjects.map((name) => `--project=${name}`) : []
  const env = isFast ? { MONGODB_URL: undefined, FAST: '1' } : {}
  const { status, report } = runSuites({ cwd: here, args: [...browser, ...filters], env })
  const verdict = judgeReport(status, report)
  passed += verdict.passed
  failed += verdict.failed
  if (report) {
    console.log('\nThe slowest files:')
    for (const { name, seconds } of slowestFiles(report, 10)) console.log(`${seconds.toFixed(1).padStart(7)} s  ${relative(here, name)}`)
  }
  for (const reason of verdict.reasons) console.error(`\n${reason}`)
  if (verdict.skipped === 0) return
  console.log(`\n${verdict.skipped} test(s) were skipped.`)
  if (!required) return
  console.error('REQUIRE_MONGO=1: nothing may be skipped.')
  failed++
}

function finish(): never {
  console.log(`\n${passed} passed, ${failed} failed`)
  process.exit(failed === 0 ? 0 : 1)
}

if (required && !mongo) {
  console.error('REQUIRE_MONGO=1, but MONGODB_URL is not set, or --fast leaves MongoDB out: its suites cannot run.')
  failed++
  finish()
}
if (filters.length === 0 && !isBrowserAlone) {
  run('format and lint', '@biomejs/biome/bin/biome', ['check', '.'])
  run('types: server, shared, tests', 'typescript/bin/tsc', ['--noEmit', '-p', 'tsconfig.json'])
  run('types: widget', 'typescript/bin/tsc', ['--noEmit', '-p', 'widget/tsconfig.json'])
  run('dead code', 'knip/bin/knip.js', [])
}
run('build the widget', 'vite/bin/vite.js', ['build', '--config', 'widget/vite.config.ts', '--logLevel', 'warn'])
suites()
if (isFast) console.log(`\nNot run, since --fast was asked for: ${parts.slow.join(', ')}.`)
if (!mongo) console.log('\nNot run: the MongoDB suites, since MONGODB_URL is not set. The SQLite suites were.')
finish()
