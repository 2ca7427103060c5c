// Serves a kept file to whoever has its signed address: GET and HEAD, in part too. What clients sent is shown as a picture, sound, film or
// page of print, or given as a file; nothing of it ever runs under our name.
import type { IncomingMessage, ServerResponse } from 'node:http'
import { pipeline } from 'node:stream/promises'
import { create } from 'content-disposition'
import parseRange from 'range-parser'
import { mediaKind } from '../../shared/media-policy.ts'
import { DomainError } from '../../shared/problems.ts'
import type { MediaFiles } from './media-files.ts'
import { checkMediaUrl, type MediaSize } from './media-url.ts'
import { PREVIEW_TYPE } from './picture-maker.ts'
import type { Previews } from './previews.ts'

export interface ServedMedia {
  hash: string
  /** As it was found by its bytes, not as somebody said. */
  contentType: string
  filename: string | null
}

export interface ServeMediaParts {
  files: MediaFiles
  /** The one that the addresses were signed with. */
  secret: string
  now(): number
  find(id: string): Promise<ServedMedia | null>
  /** Null: none can be made here. Where there is none, the file itself is given. */
  previews?: Previews | null
}

/** A preview that could not be made now may be made in a moment. */
const AGAIN_SECONDS = 60

const PDF = 'application/pdf'
const shown = new Set(['image', 'audio', 'video'])
const isShown = (contentType: string) => contentType === PDF || shown.has(mediaKind(contentType) ?? '')

/**
 * Answers a request for `/media/:id?exp&sig`, and with `size=preview` for the small picture of it.
 *
 * @throws DomainError `not_found` (also for an address that is not valid any more) or `unavailable`, before anything is written.
 */
export function createServeMedia({ files, secret, now, find, previews = null }: ServeMediaParts) {
  const gone = () =>
    new DomainError('not_found', 'There is no such file, or its address is not valid any more. Load the conversation again.')
  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { pathname, searchParams } = new URL(request.url ?? '', 'http://hilo')
    const id = /^\/media\/([\w-]{1,128})$/.exec(pathname)?.[1] ?? ''
    const size: MediaSize = searchParams.get('size') === 'preview' ? 'preview' : 'whole'
    const said = { exp: searchParams.get('exp') ?? '', sig: searchParams.get('sig') ?? '', size }
    const leftMs = checkMediaUrl(secret, id, said, now())
    const media = leftMs === null ? null : await find(id)
    const length = media && (await files.size(media.hash))
    if (leftMs === null || media === null || length === null) throw gone()

    const preview = size === 'preview' && previews !== null ? await previews(media.hash) : null
    const etag = preview === null ? `"${media.hash}"` : `"${media.hash}-preview"`
    const seconds = Math.floor(leftMs / 1000)
    const headers = {
      ...headersOf(preview === null ? media : { contentType: PREVIEW_TYPE, filename: null }),
      ETag: etag,
      'Accept-Ranges': preview === null ? 'bytes' : 'none',
      'Cache-Control':
        size === 'preview' && preview === null
          ? `private, max-age=${Math.min(AGAIN_SECONDS, seconds)}`
          : `private, max-age=${seconds}, immutable`,
    }
    const write = (status: number, more: Readonly<Record<string, string | number>>) => {
      for (const [name, value] of Object.entries({ ...headers, ...more })) response.setHeader(name, value)
      response.statusCode = status
    }
    if (names(request.headers['if-none-match'], etag)) {
      write(304, {})
      response.end()
      return
    }
    if (preview !== null) {
      write(200, { 'Content-Length': preview.length })
      response.end(request.method === 'HEAD' ? undefined : preview)
      return
    }
    const range = rangeOf(request, length, etag)
    if (range === 'none') {
      write(416, { 'Content-Range': `bytes */${length}`, 'Content-Length': 0 })
      response.end()
      return
    }
    const found = request.method === 'HEAD' ? null : await files.open(media.hash, range ?? undefined)
    if (request.method !== 'HEAD' && found === null) throw gone()
    if (range === null) write(200, { 'Content-Length': length })
    else write(206, { 'Content-Length': range.end - range.start + 1, 'Content-Range': `bytes ${range.start}-${range.end}/${length}` })
    if (found === null) response.end()
    else await send(found.stream, response)
  }
}

function headersOf({ contentType, filename }: Pick<ServedMedia, 'contentType' | 'filename'>): Record<string, string> {
  const type = isShown(contentType) ? 'inline' : 'attachment'
  return {
    'Content-Type': contentType === 'text/plain' || contentType === 'text/csv' ? `${contentType}; charset=utf-8` : contentType,
    'Content-Disposition': create(filename ?? undefined, { type }),
    'X-Content-Type-Options': 'nosniff',
    // Browsers do not show a PDF in a sandbox; its own scripts never reach the page.
    'Content-Security-Policy': contentType === PDF ? "default-src 'none'; object-src 'self'" : "default-src 'none'; sandbox",
    // The widget shows it in the host's page.
    'Cross-Origin-Resource-Policy': 'cross-origin',
    'Referrer-Policy': 'no-referrer',
  }
}

/** Null: all of it; `none`: nothing that there is. Several ranges at once are answered with all of it (RFC 9110, 14.2). */
function rangeOf({ headers, method }: IncomingMessage, size: number, etag: string): { start: number; end: number } | null | 'none' {
  const { range, 'if-range': ifRange } = headers
  if (range === undefined || method !== 'GET' || (ifRange !== undefined && ifRange !== etag)) return null
  const parsed = parseRange(size, range, { combine: true })
  if (parsed === -1) return 'none'
  const [first, ...more] = parsed === -2 || parsed.type !== 'bytes' ? [] : parsed
  return first === undefined || more.length > 0 ? null : first
}

function names(ifNoneMatch: string | undefined, etag: string): boolean {
  const listed = ifNoneMatch?.split(',').map((one) => one.trim().replace(/^W\//, '')) ?? []
  return listed.includes(etag)
}

/** Whoever goes away in the middle is no fault. */
async function send(stream: NodeJS.ReadableStream, response: ServerResponse): Promise<void> {
  try {
    await pipeline(stream, response)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_STREAM_PREMATURE_CLOSE') throw error
  }
}
