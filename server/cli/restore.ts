// Brings a backup back. Everything is checked before anything is touched, and what was there is kept beside.
import { copyFileSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { systemClock } from '../clock.ts'
import type { Config } from '../config.ts'
import { createIds } from '../ids.ts'
import { openStore } from '../store/open-store.ts'
import { lockStore } from '../store/sqlite/lock.ts'
import { migrations } from '../store/sqlite/migrations.ts'
import { openSqliteStore } from '../store/sqlite/open.ts'
import { renameStore, replaceStore } from '../store/sqlite/replace-store.ts'
import { copyFolder } from './copy-folder.ts'
import { giveUpOpen } from './give-up-open.ts'
import { databaseName, mediaName, readBackup, secretName } from './manifest.ts'
import { UsageError } from './usage-error.ts'

const parts = { clock: systemClock, newId: createIds(systemClock.now) }
const unsent = (count: number) =>
  count === 0
    ? ''
    : ` ${count} message(s) were not sent when it was made and may have been since: they are marked as failed, for their agents to decide.`

export async function restore(config: Config, args: string[]): Promise<void> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { force: { type: 'boolean', default: false }, resume: { type: 'boolean', default: false } },
  })
  if (!config.databaseUrl.startsWith('sqlite:')) {
    if (positionals.length > 0)
      throw new UsageError(
        'This command restores SQLite. For MongoDB use mongorestore, then run this command without a folder (docs/operations.md).',
      )
    const store = await openStore(config.databaseUrl, parts)
    try {
      console.log(`Looked at the restored database.${unsent(values.resume ? 0 : await giveUpOpen(store, Date.now()))}`)
    } finally {
      await store.close()
    }
    return
  }
  const [from, ...more] = positionals
  if (from === undefined || more.length > 0) throw new UsageError('Say which backup: restore backup/2026-11-21')
  const manifest = await readBackup(from)
  const newest = migrations.at(-1)?.version ?? 0
  if (manifest.schemaVersion > newest)
    throw new UsageError(
      `The backup has schema version ${manifest.schemaVersion}; this Hilo knows versions up to ${newest}. Restore it with the newer Hilo that made it.`,
    )

  const file = resolve(config.databaseUrl.slice('sqlite:'.length))
  const media = resolve(config.mediaDir)
  const secret = join(dirname(file), secretName)
  mkdirSync(dirname(file), { recursive: true })
  // Refuses while a server runs, and keeps one from starting.
  const unlock = lockStore(file)
  const staged = { file: `${file}.restoring`, media: `${media}.restoring`, secret: `${secret}.restoring` }
  const clean = () => {
    for (const one of [staged.file, `${staged.file}-wal`, `${staged.file}-shm`, staged.media, staged.secret])
      rmSync(one, { recursive: true, force: true })
  }
  try {
    const there = [file, ...(existsSync(media) && readdirSync(media).length > 0 ? [media] : [])].filter((path) => existsSync(path))
    if (there.length > 0 && !values.force)
      throw new UsageError(`${there.join(' and ')} is there already. With --force it is replaced, and kept beside under another name.`)
    clean()
    copyFileSync(join(from, databaseName), staged.file)
    const names = new Set(manifest.files.map((one) => one.path))
    mkdirSync(dirname(media), { recursive: true })
    const copied = copyFolder(join(from, mediaName), staged.media)
    for (const path of copied) if (!names.has(join(mediaName, path))) rmSync(join(staged.media, path))
    if (names.has(secretName)) copyFileSync(join(from, secretName), staged.secret)
    renameStore(staged.file)
    const store = await openSqliteStore({ file: staged.file, lock: false, ...parts })
    let given: number
    try {
      given = values.resume ? 0 : await giveUpOpen(store, Date.now())
    } finally {
      await store.close()
    }
    const stamp = new Date().toISOString().replace(/[:.]/g, '-')
    const kept = (path: string) => `${path}.before-${stamp}`
    if (there.includes(media)) renameSync(media, kept(media))
    else rmSync(media, { recursive: true, force: true })
    if (existsSync(staged.media)) renameSync(staged.media, media)
    if (existsSync(staged.secret)) {
      if (existsSync(secret)) renameSync(secret, kept(secret))
      renameSync(staged.secret, secret)
    }
    replaceStore(staged.file, file, kept(file))
    const before = there.length > 0 ? ` What was there is kept as ${there.map((path) => basename(kept(path))).join(' and ')}.` : ''
    console.log(`Restored ${manifest.counts.messages ?? 0} messages as of ${manifest.createdAt}.${unsent(given)}${before}`)
  } finally {
    clean()
    unlock()
  }
}
