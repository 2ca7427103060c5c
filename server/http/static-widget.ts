// The widget's files as the build left them: scripts under fixed names, chunks under names that never change their
// content. Any page may load them.
import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { RequestHandler } from 'express'
import { DomainError } from '../../shared/problems.ts'

export const builtWidgetDir = fileURLToPath(new URL('../../dist/widget', import.meta.url))

/** The files that pages and the hosts' workers name themselves. */
const fixed = new Set(['widget.js', 'headless.js', 'push-worker.js'])
/** Where a page asks again that could not load a file: a browser may keep a failure under its address. */
const again = /^\/again\/\d{1,16}(?=\/)/
const hashed = /^\/(?:assets\/)?([A-Za-z][\w-]*-[\w-]{8,}\.(?:js|css|mp3|svg))$/
const YEAR_S = 365 * 24 * 60 * 60
const contentTypes: Record<string, string> = {
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

/** Serves GET and HEAD of the widget's files and leaves everything else to who comes next. */
export function staticWidget(widgetDir: string): RequestHandler {
  return async (request, response, next) => {
    if (request.method !== 'GET' && request.method !== 'HEAD') return next()
    const path = request.path.replace(again, '')
    const isFixed = fixed.has(path.slice(1))
    const name = isFixed ? path.slice(1) : hashed.exec(path)?.[1]
    if (name === undefined) return next()
    const plain = await contentOf(join(widgetDir, name))
    if (plain === null) {
      if (!isFixed) {
        // Of a build that is gone: the page reads that plainly, and no cache keeps it.
        response.set({ 'Access-Control-Allow-Origin': '*', 'Cache-Control': 'no-store' })
        throw new DomainError('not_found', 'This build of the widget is gone. Load the page again.')
      }
      throw new DomainError('unavailable', 'The widget is not built yet. Run "npm run build" on the server, then load this page again.')
    }
    const zipped = request.acceptsEncodings('gzip') ? await contentOf(join(widgetDir, `${name}.gz`)) : null
    const content = zipped ?? plain
    const etag = `"${createHash('sha256').update(content).digest('base64url').slice(0, 22)}"`
    response.set({
      'Content-Type': contentTypes[name.slice(name.lastIndexOf('.') + 1)] ?? 'application/octet-stream',
      'Access-Control-Allow-Origin': '*',
      'Cross-Origin-Resource-Policy': 'cross-origin',
      'Cache-Control': isFixed ? 'no-cache' : `public, max-age=${YEAR_S}, immutable`,
      'Timing-Allow-Origin': '*',
      Vary: 'Accept-Encoding',
      ETag: etag,
    })
    if (names(request.headers['if-none-match'], etag)) {
      response.status(304).end()
      return
    }
    if (zipped) response.set('Content-Encoding', 'gzip')
    response.set('Content-Length', String(content.length))
    response.end(content)
  }
}
