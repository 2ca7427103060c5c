// Copies one database into another, of the other kind or the same, and compares the two when it is done.
import { existsSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { DomainError } from '../../shared/problems.ts'
import { systemClock } from '../clock.ts'
import { type Config, faultOfDatabaseUrl } from '../config.ts'
import { createIds } from '../ids.ts'
import { compareCopies } from '../store/compare-copies.ts'
import type { CopyEnd } from '../store/copy-end.ts'
import { copiedAt, type CopyMark } from '../store/copy-mark.ts'
import { beginCopy, copyRows } from '../store/copy-rows.ts'
import { openCopyEnd } from '../store/open-store.ts'
import { openMediaFiles } from '../media/media-files.ts'
import { compareMedia, copyMedia } from './copy-media.ts'
import { UsageError } from './usage-error.ts'

const parts = { clock: systemClock, newId: createIds(systemClock.now) }

/** Nothing is written before both ends are known to be what they must be. */
export async function copyDatabase({ mediaDir }: Config, args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: { from: { type: 'string' }, to: { type: 'string' }, check: { type: 'boolean', default: false } },
  })
  const { from, to } = values
  if (from === undefined || to === undefined)
    throw new UsageError('Say from where and to where: --from sqlite:data/hilo.db --to mongodb://…')
  for (const [name, url] of Object.entries({ from, to })) {
    const fault = faultOfDatabaseUrl(url)
    if (fault !== null) throw new UsageError(`--${name} ${fault}.`)
  }
  if (from === to) throw new UsageError('--from and --to are the same database.')
  // Opening makes a database where there is none.
  if (from.startsWith('sqlite:') && !existsSync(from.slice('sqlite:'.length))) throw new UsageError(`There is no database at ${from}.`)
  const source = await openCopyEnd(from, parts)
  try {
    const target = await openCopyEnd(to, parts)
    try {
      await copy(source, target, values.check, (isCopied) => withMedia(mediaDir, from, to, isCopied))
    } finally {
      await target.close()
    }
  } finally {
    await source.close()
  }
}

/** What differs between the two ends' media; nothing where both are on SQLite, which have one folder. */
async function withMedia(mediaDir: string, from: string, to: string, isCopied: boolean): Promise<string[]> {
  if (from.startsWith('sqlite:') && to.startsWith('sqlite:')) return []
  const source = await openMediaFiles({ databaseUrl: from, mediaDir })
  try {
    const target = await openMediaFiles({ databaseUrl: to, mediaDir })
    try {
      if (!isCopied) console.log(`Copied ${await copyMedia(source, target)} media files`)
      return await compareMedia(source, target)
    } finally {
      await target.close()
    }
  } finally {
    await source.close()
  }
}

async function copy(source: CopyEnd, target: CopyEnd, isCheck: boolean, media: (isCopied: boolean) => Promise<string[]>): Promise<void> {
  if (source.id === target.id) throw new UsageError('--from and --to are the same database.')
  copiedAt(await source.mark())
  await refuseServers(source, target)
  if ((await source.organizations()).length === 0) throw new UsageError('The database of --from holds nothing.')
  const mark = isCheck ? null : await beginCopy(source, target)
  const isWhole = mark === null || mark.finishedAt !== null
  if (!isWhole) {
    let told = ''
    await copyRows(source, target, mark, ({ kind }) => {
      if (kind !== told) console.log(`Copying ${kind}`)
      told = kind
    })
  }
  const { counts, differences } = await compareCopies(source, target)
  differences.push(...(await media(isWhole)))
  await refuseServers(source, target)
  if (differences.length > 0) throw differ(differences, isWhole)
  if (!isWhole) await target.setMark(JSON.stringify({ ...mark, finishedAt: await target.now() } satisfies CopyMark))
  const { messages = 0, planned = 0, conversations = 0, contacts = 0, records = 0 } = counts
  console.log(
    `${isWhole ? 'Compared' : 'Copied and compared'} ${conversations} conversations with ${messages} messages and ${planned} planned ones, ${contacts} contacts, ${records} records: both hold the same.`,
  )
}

function differ(differences: readonly string[], isWhole: boolean): DomainError {
  const why = isWhole
    ? 'One of them was written since the copy was whole.'
    : 'One of them was written since the copy began. Empty the target and copy again: no server starts on it as it is.'
  return new DomainError('conflict', `The two are not equal.\n  ${differences.join('\n  ')}\n${why}`)
}

async function refuseServers(source: CopyEnd, target: CopyEnd): Promise<void> {
  for (const [name, end] of Object.entries({ from: source, to: target })) {
    const running = await end.servers()
    if (running > 0)
      throw new DomainError(
        'conflict',
        `${running} server(s) run on --${name}. Stop them first (SIGTERM; one that was killed counts for some seconds more): what they write would be missing.`,
      )
  }
}
