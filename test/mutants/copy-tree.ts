// A copy of the work tree to seed faults in, so that the tree itself is never touched, however the run ends.
import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, mkdtempSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

/** All that git knows or would take in, as it is now; packages and the built widget are linked. Answers the copy's folder. */
export function copyTree(root: string): string {
  const { status, stdout } = spawnSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  })
  if (status !== 0) throw new Error('git could not name the files of this folder.')
  const copy = mkdtempSync(join(tmpdir(), 'hilo-mutants-'))
  for (const file of stdout.split('\0')) {
    // Deleted, and not yet committed.
    if (file === '' || !existsSync(join(root, file))) continue
    mkdirSync(dirname(join(copy, file)), { recursive: true })
    cpSync(join(root, file), join(copy, file))
  }
  for (const linked of ['node_modules', 'dist']) if (existsSync(join(root, linked))) symlinkSync(join(root, linked), join(copy, linked))
  return copy
}
