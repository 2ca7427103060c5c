// The console: a page for supervisors at `/console/`, and the files that it names. Who may see what is decided by the calls that it makes.
import { fileURLToPath } from 'node:url'
import type { RequestHandler } from 'express'
import { DomainError } from '../../shared/problems.ts'
import { sendBuilt } from './send-built.ts'

export const builtConsoleDir = fileURLToPath(new URL('../../dist/console', import.meta.url))

const asset = /^\/console\/(assets\/[A-Za-z][\w.-]*-[\w-]{8,}\.(?:js|css|svg))$/

/** Serves GET and HEAD of the console's files and leaves everything else to who comes next. */
export function staticConsole(folder: string): RequestHandler {
  return async (request, response, next) => {
    if (request.method !== 'GET' && request.method !== 'HEAD') return next()
    // Relative, and browsers keep what stands behind the `#`.
    if (request.path === '/console') return response.redirect(301, 'console/')
    const isPage = request.path === '/console/'
    const name = isPage ? 'index.html' : asset.exec(request.path)?.[1]
    if (name === undefined) return next()
    if (await sendBuilt(request, response, { folder, name, isFixed: isPage })) return
    response.set('Cache-Control', 'no-store')
    if (isPage)
      throw new DomainError('unavailable', 'The console is not built yet. Run "npm run build" on the server, then load this page again.')
    throw new DomainError('not_found', 'This build of the console is gone. Load the page again.')
  }
}
