// The widget's files as the build left them: scripts under fixed names, chunks under names that never change their
// content. Any page may load them.
import { fileURLToPath } from 'node:url'
import type { RequestHandler } from 'express'
import { DomainError } from '../../shared/problems.ts'
import { sendBuilt } from './send-built.ts'

export const builtWidgetDir = fileURLToPath(new URL('../../dist/widget', import.meta.url))

/** The files that pages and the hosts' workers name themselves. */
const fixed = new Set(['widget.js', 'headless.js', 'push-worker.js'])
/** Where a page asks again that could not load a file: a browser may keep a failure under its address. */
const again = /^\/again\/\d{1,16}(?=\/)/
const hashed = /^\/(?:assets\/)?([A-Za-z][\w-]*-[\w-]{8,}\.(?:js|css|mp3|svg))$/

/** Serves GET and HEAD of the widget's files and leaves everything else to who comes next. */
export function staticWidget(widgetDir: string): RequestHandler {
  return async (request, response, next) => {
    if (request.method !== 'GET' && request.method !== 'HEAD') return next()
    const path = request.path.replace(again, '')
    const isFixed = fixed.has(path.slice(1))
    const name = isFixed ? path.slice(1) : hashed.exec(path)?.[1]
    if (name === undefined) return next()
    // Any page in the world loads them.
    response.set({ 'Access-Control-Allow-Origin': '*', 'Cross-Origin-Resource-Policy': 'cross-origin', 'Timing-Allow-Origin': '*' })
    if (await sendBuilt(request, response, { folder: widgetDir, name, isFixed })) return
    if (isFixed)
      throw new DomainError('unavailable', 'The widget is not built yet. Run "npm run build" on the server, then load this page again.')
    // Of a build that is gone: the page reads that plainly, and no cache keeps it.
    response.set('Cache-Control', 'no-store')
    throw new DomainError('not_found', 'This build of the widget is gone. Load the page again.')
  }
}
