// Media of a server: where the bytes are, how they are fetched, and under which addresses they are served.
import { randomBytes } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Clock } from '../clock.ts'
import type { Config } from '../config.ts'
import type { MediaSide } from '../inbox/fetch-item.ts'
import type { Uploads } from '../parts.ts'
import { messageOfItem } from '../rules/media.ts'
import type { Store } from '../store/store.ts'
import { type Collected, collectFiles } from './collect-files.ts'
import { createFetchMedia } from './fetch-media.ts'
import { openMediaFiles } from './media-files.ts'
import { signMediaUrl } from './media-url.ts'
import { loadPictureMaker } from './picture-maker.ts'
import { createPreviews } from './previews.ts'
import { createReceiveUpload, type Upload } from './receive-upload.ts'
import type { Line } from '../request-public.ts'
import { createServeMedia, type ServedMedia } from './serve-media.ts'
import { readUpload, signUpload } from './upload-id.ts'

export interface Media extends MediaSide {
  urlOf(itemId: string): string
  /** Of the small picture; null: this machine makes none. */
  previewUrlOf: ((itemId: string) => string) | null
  /** Answers a request for `/media/:id`; throws DomainError before anything is written. */
  serve(request: IncomingMessage, response: ServerResponse): Promise<void>
  uploads: Uploads
  /** Removes some of the files that no message names; see `collectFiles`. */
  collect(from: string): Promise<Collected>
  close(): Promise<void>
}

/** A caller waits for it. */
const HOST_MS = 20_000

/** @throws DomainError `unavailable` with a sentence that says what cannot be opened. */
export async function createMedia(config: Config, { store, clock, line }: { store: Store; clock: Clock; line?: Line }): Promise<Media> {
  // All processes sign alike, also after a restart.
  const secret = await store.keepFirst('media-secret', randomBytes(32).toString('base64url'))
  const files = await openMediaFiles(config, () => clock.now())
  const makePicture = await loadPictureMaker()
  const previews = makePicture && createPreviews(files, makePicture)

  async function find(itemId: string): Promise<ServedMedia | null> {
    const found = await store.messageMedia(messageOfItem(itemId))
    const item = found?.items.find(({ id }) => id === itemId)
    return item?.state === 'ready' && item.hash !== null ? { ...item, hash: item.hash } : null
  }

  const fetchForHost = createFetchMedia({ files, twilio: null, wholeMs: HOST_MS, ...(line ? { line } : {}) })
  return {
    uploads: {
      receive: createReceiveUpload({
        files,
        async save({ by: orgId, ...kept }: Upload<string>) {
          const { contentType, filename, size, width = null, height = null } = kept
          const id = signUpload(secret, orgId, { ...kept, sourceUrl: null, width, height })
          return { id, contentType, filename, size, ...(width !== null && height !== null && { width, height }) }
        },
      }),
      async find(orgId, id) {
        const file = readUpload(secret, orgId, id)
        // Whoever asks is going to send it.
        return file && (await files.renew(file.hash)) !== null ? file : null
      },
      fetch: (url, channel) => fetchForHost(url, channel, '', 'host'),
    },
    fetch: createFetchMedia({ files, twilio: config.twilio }),
    async read(hash, most) {
      const found = await files.open(hash)
      if (found === null) return null
      if (found.size > most) {
        found.stream.destroy()
        return null
      }
      return Buffer.concat(await found.stream.toArray())
    },
    collect: (from) => collectFiles({ files, store, clock }, from),
    urlOf: (itemId) => signMediaUrl(config.publicUrl, secret, itemId, clock.now()),
    previewUrlOf: previews && ((itemId) => signMediaUrl(config.publicUrl, secret, itemId, clock.now(), 'preview')),
    serve: createServeMedia({ files, secret, now: () => clock.now(), find, previews }),
    close: () => files.close(),
  }
}
