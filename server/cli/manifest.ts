// A backup's own list: everything in it, with sizes and checksums, so that half of one is not taken for a whole.
import { createHash } from 'node:crypto'
import { createReadStream, existsSync, lstatSync, readFileSync } from 'node:fs'
import { join, normalize, sep } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { z } from 'zod'
import { UsageError } from './usage-error.ts'

export const manifestName = 'manifest.json'
export const databaseName = 'hilo.db'
export const secretName = 'demo-secret'
export const mediaName = 'media'

const inside = (path: string) =>
  path === normalize(path) && !path.startsWith(sep) && !path.split(sep).includes('..') && !path.includes('\u0000')

const manifest = z.object({
  format: z.literal(1),
  createdAt: z.iso.datetime(),
  schemaVersion: z.number().int().min(1),
  counts: z.record(z.string(), z.number().int().min(0)),
  files: z.array(
    z.object({
      path: z.string().min(1).refine(inside, 'leads out of the backup'),
      size: z.number().int().min(0),
      sha256: z.string().regex(/^[0-9a-f]{64}$/),
    }),
  ),
})
export type Manifest = z.output<typeof manifest>
export type ListedFile = Manifest['files'][number]

export async function listFile(folder: string, path: string): Promise<ListedFile> {
  const hash = createHash('sha256')
  const file = join(folder, path)
  await pipeline(createReadStream(file), hash)
  return { path, size: lstatSync(file).size, sha256: hash.digest('hex') }
}

/**
 * Reads the manifest and compares every file with it.
 *
 * @throws UsageError naming the first that is missing or another one.
 */
export async function readBackup(folder: string): Promise<Manifest> {
  const file = join(folder, manifestName)
  if (!existsSync(file)) throw new UsageError(`${folder} is no backup, or not a whole one: it has no ${manifestName}.`)
  let read: unknown
  try {
    read = JSON.parse(readFileSync(file, 'utf8'))
  } catch {
    throw new UsageError(`${file} cannot be read: the backup is damaged. Use another one.`)
  }
  const found = manifest.safeParse(read)
  if (!found.success)
    throw new UsageError(`${file} is not as this Hilo writes it (${found.error.issues[0]?.path.join('.')}). Use another backup.`)
  if (!found.data.files.some((one) => one.path === databaseName))
    throw new UsageError(`${file} names no ${databaseName}. Use another backup.`)
  for (const one of found.data.files) {
    const entry = lstatSync(join(folder, one.path), { throwIfNoEntry: false })
    if (entry?.isFile() !== true) throw new UsageError(`${one.path} is missing from the backup ${folder}. Use another one.`)
    const actual = await listFile(folder, one.path)
    if (actual.size !== one.size || actual.sha256 !== one.sha256)
      throw new UsageError(`${one.path} of the backup ${folder} is not what it was when it was made: it is damaged. Use another one.`)
  }
  return found.data
}
