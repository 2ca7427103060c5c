// A file as the build left it, beside its gzipped twin. A name that holds a hash never changes its content.
import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Request, Response } from 'express'

const YEAR_S = 365 * 24 * 60 * 60
const contentTypes: Record<string, string> = {
  html: 'text/html; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  mp3: 'audio/mpeg',
  svg: 'image/svg+xml',
}

async function contentOf(path: string): Promise<Buffer | null> {
  try {
    return await readFile(path)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
  }
}

/**
 * Whether `If-None-Match` names this ETag, compared weakly (RFC 9110, 13.1.2): a proxy that compresses makes it a weak one.
 * Express's own comparison does not look where the request says `no-cache`, as `fetch` does by itself.
 */
function names(ifNoneMatch: string | undefined, etag: string): boolean {
  const listed = ifNoneMatch?.split(',').map((one) => one.trim().replace(/^W\//, '')) ?? []
  return listed.includes(etag) || ifNoneMatch?.trim() === '*'
}

interface BuiltFile {
  folder: string
  name: string
  /** Its name stays while its content changes. */
  isFixed: boolean
}

/** False: there is no such file, and nothing was sent. */
export async function sendBuilt(request: Request, response: Response, { folder, name, isFixed }: BuiltFile): Promise<boolean> {
  const plain = await contentOf(join(folder, name))
  if (plain === null) return false
  const zipped = request.acceptsEncodings('gzip') ? await contentOf(join(folder, `${name}.gz`)) : null
  const content = zipped ?? plain
  const etag = `"${createHash('sha256').update(content).digest('base64url').slice(0, 22)}"`
  response.set({
    'Content-Type': contentTypes[name.slice(name.lastIndexOf('.') + 1)] ?? 'application/octet-stream',
    'Cache-Control': isFixed ? 'no-cache' : `public, max-age=${YEAR_S}, immutable`,
    Vary: 'Accept-Encoding',
    ETag: etag,
  })
  if (names(request.headers['if-none-match'], etag)) {
    response.status(304).end()
    return true
  }
  if (zipped) response.set('Content-Encoding', 'gzip')
  response.set('Content-Length', String(content.length))
  response.end(content)
  return true
}
