// A backup: the database as it is at one moment, also while the server runs and writes, its media files, the demo secret.
import { chmodSync, copyFileSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { basename, dirname, join, relative, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import type { Config } from '../config.ts'
import { isHash, isPreview } from '../media/media-files.ts'
import { backupStore } from '../store/sqlite/backup-store.ts'
import { copyFolder } from './copy-folder.ts'
import { databaseName, listFile, type Manifest, manifestName, mediaName, secretName } from './manifest.ts'
import { UsageError } from './usage-error.ts'

/** The folder appears only when it is whole. */
export async function backUp(config: Config, args: string[]): Promise<void> {
  const { values } = parseArgs({ args, options: { to: { type: 'string' } } })
  if (values.to === undefined) throw new UsageError('Say where to: --to backup/2026-11-21')
  if (!config.databaseUrl.startsWith('sqlite:'))
    throw new UsageError(
      'This command copies SQLite. For MongoDB use mongodump, with Hilo stopped or with --oplog on a replica set: without either the collections are of different moments. docs/operations.md says how.',
    )
  const file = config.databaseUrl.slice('sqlite:'.length)
  const target = resolve(values.to)
  if (!existsSync(file)) throw new UsageError(`There is no database at ${file}.`)
  if (existsSync(target)) throw new UsageError(`${values.to} exists already: choose another name.`)
  if (!relative(resolve(config.mediaDir), target).startsWith('..'))
    throw new UsageError(`${values.to} is in MEDIA_DIR, which is what is copied: choose a place outside of it.`)
  const part = `${target}.part`
  rmSync(part, { recursive: true, force: true })
  mkdirSync(part, { recursive: true, mode: 0o700 })
  try {
    const createdAt = new Date().toISOString()
    const { schemaVersion, counts } = await backupStore(file, join(part, databaseName))
    // After the database, so that every file that it speaks of is there.
    const paths = [databaseName, ...copyFolder(config.mediaDir, join(part, mediaName), isPreview).map((path) => join(mediaName, path))]
    const secret = join(dirname(file), secretName)
    if (existsSync(secret)) {
      copyFileSync(secret, join(part, secretName))
      paths.push(secretName)
    }
    const files = await Promise.all(paths.map((path) => listFile(part, path)))
    const manifest: Manifest = { format: 1, createdAt, schemaVersion, counts, files }
    writeFileSync(join(part, manifestName), `${JSON.stringify(manifest, null, 2)}\n`)
    closeToOthers(part)
    renameSync(part, target)
    for (const { path, sha256 } of files)
      if (isHash(basename(path)) && basename(path) !== sha256)
        console.log(`${path} is damaged: its bytes are not those that were kept. It was copied as it is.`)
    console.log(
      `Copied ${file} to ${values.to}: ${counts.messages} messages, ${files.length} files. It holds what people wrote: keep it safe.`,
    )
  } finally {
    rmSync(part, { recursive: true, force: true })
  }
}

/** Also each of its files: a backup is copied on, and its folder's mode is not. */
function closeToOthers(folder: string): void {
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true }))
    chmodSync(join(entry.parentPath, entry.name), entry.isDirectory() ? 0o700 : 0o600)
}
