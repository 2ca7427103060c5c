// Runs vitest and reads what it wrote down.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { SuitesReport } from './judge-report.ts'

export interface RunOptions {
  cwd: string
  args: string[]
  env?: Record<string, string | undefined>
  /** Shown while it runs. */
  isShown?: boolean
}

/** Each file is a process of its own, and most of them load the same libraries. */
const compiled = join(tmpdir(), 'hilo-test-compiled')

/** How vitest ended; its report is `null` where it wrote none. */
export function runSuites({ cwd, args, env = {}, isShown = true }: RunOptions): { status: number | null; report: SuitesReport | null } {
  const folder = mkdtempSync(join(tmpdir(), 'hilo-test-'))
  const file = join(folder, 'report.json')
  const vitest = join(import.meta.dirname, '../../node_modules/vitest/vitest.mjs')
  const { status } = spawnSync(
    process.execPath,
    [vitest, 'run', '--reporter=default', '--reporter=json', `--outputFile.json=${file}`, ...args],
    { stdio: isShown ? 'inherit' : 'ignore', cwd, env: { ...process.env, NODE_COMPILE_CACHE: compiled, ...env } },
  )
  try {
    return { status, report: JSON.parse(readFileSync(file, 'utf8')) as SuitesReport }
  } catch {
    return { status, report: null }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
