// Files in a folder, spread over 256 folders by the first two letters of their names. One process has it at a time.
import { randomUUID } from 'node:crypto'
import { renameSync, statSync, unlinkSync, utimesSync } from 'node:fs'
import { mkdir, open, opendir, readdir, rm, stat } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { DomainError } from '../../shared/problems.ts'
import type { FileBucket } from './file-bucket.ts'

/** What is being written. A backup leaves it out, the next start empties it. */
export const unfinishedName = '.unfinished'
const isFolder = /^[0-9a-f]{2}$/

/** @throws DomainError `unavailable` where it cannot be written. */
export async function openFolderBucket(path: string, now: () => number = Date.now): Promise<FileBucket> {
  const root = resolve(path)
  const unfinished = join(root, unfinishedName)
  const placeOf = (name: string) => join(root, name.slice(0, 2), name)
  await clear(root, async () => {
    await rm(unfinished, { recursive: true, force: true })
    await makeFolder(unfinished)
  })

  /** The time of a file is when it was put or renewed last. */
  function touch(file: string): void {
    const at = now() / 1000
    utimesSync(file, at, at)
  }
  async function size(name: string): Promise<number | null> {
    const found = await stat(placeOf(name)).catch(ifThere)
    return found?.isFile() ? found.size : null
  }
  return {
    put: (bytes, name) =>
      clear(root, async () => {
        const part = join(unfinished, randomUUID())
        try {
          await write(part, bytes)
          const place = placeOf(name())
          await makeFolder(dirname(place))
          touch(part)
          // In one step, also over a file that is there: whoever reads that one reads on. Not between a look at its age and its end.
          renameSync(part, place)
          await sync(dirname(place))
        } catch (error) {
          await rm(part, { force: true })
          throw error
        }
      }),
    size,
    async open(name, range) {
      const file = await open(placeOf(name), 'r').catch(ifThere)
      if (file === null) return null
      const { size } = await file.stat()
      return { size, stream: file.createReadStream(range) }
    },
    async renew(name) {
      try {
        touch(placeOf(name))
      } catch (error) {
        return ifThere(error as NodeJS.ErrnoException)
      }
      return size(name)
    },
    async old(before, from) {
      const folders = (await readdir(root)).filter((name) => isFolder.test(name)).sort()
      const at = folders.findIndex((name) => name >= from)
      const folder = folders[at]
      if (folder === undefined) return { names: [], next: null }
      const names: string[] = []
      for (const name of await readdir(join(root, folder)))
        if (((await stat(join(root, folder, name)).catch(ifThere))?.mtimeMs ?? before) < before) names.push(name)
      return { names, next: folders[at + 1] ?? null }
    },
    remove: (name) => rm(placeOf(name), { force: true }),
    async removeOld(name, before) {
      const place = placeOf(name)
      try {
        // Both without a break: nobody else in this process renews it in between, and no other process has the folder.
        if (statSync(place).mtimeMs >= before) return false
        unlinkSync(place)
        return true
      } catch (error) {
        ifThere(error as NodeJS.ErrnoException)
        return false
      }
    },
    async *names() {
      for await (const folder of await opendir(root)) {
        if (!folder.isDirectory() || !isFolder.test(folder.name)) continue
        for await (const file of await opendir(join(root, folder.name)))
          if (file.isFile() && file.name.startsWith(folder.name)) yield file.name
      }
    },
    close: async () => {},
  }
}

async function write(path: string, bytes: AsyncIterable<Uint8Array>): Promise<void> {
  const file = await open(path, 'wx', 0o600)
  try {
    await file.writeFile(bytes)
    await file.sync()
  } finally {
    await file.close()
  }
}

/** Also durable: a new folder is an entry of the one above it. */
async function makeFolder(path: string): Promise<void> {
  const first = await mkdir(path, { recursive: true, mode: 0o700 })
  if (first === undefined) return
  for (let made = path; made.length >= first.length; made = dirname(made)) await sync(dirname(made))
}

async function sync(folder: string): Promise<void> {
  const handle = await open(folder, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

function ifThere(error: NodeJS.ErrnoException): null {
  if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return null
  throw error
}

const diskFaults: Readonly<Record<string, string>> = {
  EACCES: 'Give the user that runs Hilo the right to write there.',
  EPERM: 'Give the user that runs Hilo the right to write there.',
  EROFS: 'Mount its disk writable, or name another folder in MEDIA_DIR.',
  ENOSPC: 'The disk is full: make room on it, and Hilo goes on by itself.',
  EDQUOT: 'The disk quota is used up: make room, and Hilo goes on by itself.',
  EIO: 'See that the disk is not failing.',
  ENOTDIR: 'What should be a folder is a file: name another one in MEDIA_DIR.',
  EEXIST: 'What should be a folder is a file: name another one in MEDIA_DIR.',
  ENOENT: 'The folder cannot be made: name another one in MEDIA_DIR.',
}

/** Whatever the disk says is a domain error; what the bytes' source says is handed on. */
async function clear<T>(root: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    const { code, path, syscall } = (error ?? {}) as NodeJS.ErrnoException
    const toDo = syscall !== undefined && (path === undefined || path.startsWith(root)) ? diskFaults[code ?? ''] : undefined
    if (toDo === undefined) throw error
    throw new DomainError('unavailable', `The media files in ${root} cannot be written. ${toDo}`, { cause: error, retryAfter: 5 })
  }
}
