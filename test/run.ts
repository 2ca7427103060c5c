// `npm test`: everything a change must pass, in the order that fails fastest. Says plainly what was not run, and ends
// with `N passed, N failed`.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const here = process.cwd()
const filters = process.argv.slice(2)
const mongo = process.env.MONGODB_URL
const required = process.env.REQUIRE_MONGO === '1'
let passed = 0
let failed = 0

function run(title: string, command: string, args: string[]): boolean {
  console.log(`\n— ${title}`)
  const done = spawnSync(process.execPath, [join(here, 'node_modules', command), ...args], { stdio: 'inherit', cwd: here })
  if (done.status === 0) passed++
  else failed++
  return done.status === 0
}

if (required && !mongo) {
  console.error('REQUIRE_MONGO=1, but MONGODB_URL is not set: the MongoDB suites cannot run.')
  finish(1)
}
if (filters.length === 0) {
  run('format and lint', '@biomejs/biome/bin/biome', ['check', '.'])
  run('types: server, shared, tests', 'typescript/bin/tsc', ['--noEmit', '-p', 'tsconfig.json'])
  run('types: widget', 'typescript/bin/tsc', ['--noEmit', '-p', 'widget/tsconfig.json'])
  run('dead code', 'knip/bin/knip.js', [])
}
run('build the widget', 'vite/bin/vite.js', ['build', '--config', 'widget/vite.config.ts', '--logLevel', 'warn'])

console.log('\n— suites')
const folder = mkdtempSync(join(tmpdir(), 'hilo-test-'))
const report = join(folder, 'report.json')
spawnSync(
  process.execPath,
  [join(here, 'node_modules/vitest/vitest.mjs'), 'run', '--reporter=default', '--reporter=json', `--outputFile.json=${report}`, ...filters],
  { stdio: 'inherit', cwd: here },
)
let skipped = 0
try {
  const told = JSON.parse(readFileSync(report, 'utf8')) as {
    numPassedTests: number
    numFailedTests: number
    numPendingTests: number
    numTodoTests: number
    success: boolean
    testResults: { status: string; assertionResults: unknown[] }[]
  }
  passed += told.numPassedTests
  failed += told.numFailedTests
  // A file that could not be loaded has no failed test, and must not count as nothing.
  const broken = told.testResults.filter((file) => file.status === 'failed' && file.assertionResults.length === 0).length
  failed += broken
  skipped = told.numPendingTests + told.numTodoTests
  if (!told.success && told.numFailedTests === 0 && broken === 0) failed++
} catch {
  console.error('The suites ended without a report.')
  failed++
}
rmSync(folder, { recursive: true, force: true })

if (!mongo) console.log('\nNot run: the MongoDB suites, since MONGODB_URL is not set. The SQLite suites were.')
if (skipped > 0) {
  console.log(`${skipped} test(s) were skipped.`)
  if (required) {
    console.error('REQUIRE_MONGO=1: nothing may be skipped.')
    failed++
  }
}
finish(failed === 0 ? 0 : 1)

function finish(code: number): never {
  console.log(`\n${passed} passed, ${failed} failed`)
  process.exit(code)
}
