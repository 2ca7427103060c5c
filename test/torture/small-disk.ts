// A file system of a few megabytes that can be filled up and emptied: what a full disk is to a database on it.
import { execFileSync } from 'node:child_process'
import { closeSync, mkdirSync, openSync, rmSync, rmdirSync, writeSync } from 'node:fs'
import { join } from 'node:path'

export interface SmallDisk {
  folder: string
  /** Leaves not one byte. */
  fill(): void
  free(): void
  close(): void
}

/** Null where mounting is not permitted. */
export function mountSmallDisk(folder: string, megabytes: number): SmallDisk | null {
  mkdirSync(folder, { recursive: true })
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', folder], { stdio: 'ignore' })
  } catch {
    return null
  }
  const unmount = () => execFileSync('umount', ['-l', folder], { stdio: 'ignore' })
  process.once('exit', unmount)
  const filler = join(folder, 'filler')
  return {
    folder,
    fill() {
      const file = openSync(filler, 'a')
      try {
        for (let size = 1 << 20; size >= 1; size >>= 1)
          try {
            const block = Buffer.alloc(size)
            for (;;) if (writeSync(file, block) < size) break
          } catch {
            // No room for a block of this size; perhaps for half of it.
          }
      } finally {
        closeSync(file)
      }
    },
    free: () => rmSync(filler, { force: true }),
    close() {
      process.off('exit', unmount)
      unmount()
      rmdirSync(folder)
    },
  }
}
