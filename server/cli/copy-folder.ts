// Copies the files of a folder as they are found, also while others come and go.
import { copyFileSync, mkdirSync, readdirSync, statSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { unfinishedName } from '../store/folder-bucket.ts'

/**
 * Answers the paths of what was copied, below `to`. Files alone: no links, no sockets, nothing half written. One that goes meanwhile is
 * left out, and so is what `leaves` names.
 */
export function copyFolder(from: string, to: string, leaves: (name: string) => boolean = () => false): string[] {
  if (statSync(from, { throwIfNoEntry: false })?.isDirectory() !== true) return []
  const copied: string[] = []
  for (const entry of readdirSync(from, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue
    const path = relative(from, join(entry.parentPath, entry.name))
    if (dirname(path) === unfinishedName || leaves(entry.name)) continue
    try {
      mkdirSync(dirname(join(to, path)), { recursive: true })
      copyFileSync(join(from, path), join(to, path))
      copied.push(path)
    } catch (error) {
      if ((error as { code?: unknown }).code !== 'ENOENT') throw error
    }
  }
  return copied
}
