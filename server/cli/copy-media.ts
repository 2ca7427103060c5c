// Carries the media files beside a copied database: from a folder into GridFS or back. Their names are the hashes of their bytes, so
// that each file is verified as it is written, and one that is there already is not written again.
import { DomainError } from '../../shared/problems.ts'
import type { MediaFiles } from '../media/media-files.ts'

/**
 * Killed at any point it goes on where it was when it is called again. Answers how many there are.
 *
 * @throws DomainError `conflict` naming those whose bytes are no longer those of their name.
 */
export async function copyMedia(from: MediaFiles, to: MediaFiles): Promise<number> {
  const damaged: string[] = []
  let count = 0
  for await (const hash of from.list()) {
    count++
    if ((await to.size(hash)) !== null) continue
    const file = await from.open(hash)
    if (file === null) continue
    try {
      const kept = await to.keep(file.stream, file.size)
      if (kept.hash === hash) continue
      damaged.push(`media: ${hash} is damaged in the source`)
      await to.remove(kept.hash)
    } finally {
      file.stream.destroy()
    }
  }
  if (damaged.length > 0)
    throw new DomainError(
      'conflict',
      `Not all media could be copied.\n  ${damaged.join('\n  ')}\nRestore them from a backup, or remove them.`,
    )
  return count
}

/** What the target lacks or has of another size, a line each. What it has besides is named by no record. */
export async function compareMedia(from: MediaFiles, to: MediaFiles): Promise<string[]> {
  const differences: string[] = []
  for await (const hash of from.list())
    if ((await from.size(hash)) !== (await to.size(hash))) differences.push(`media: ${hash} is not the same in the target`)
  return differences
}
