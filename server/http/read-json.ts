// A call's JSON body: its type and its size are checked before its content.
import type { IncomingHttpHeaders } from 'node:http'
import express, { type RequestHandler } from 'express'
import { DomainError } from '../../shared/problems.ts'

const hasBody = (headers: IncomingHttpHeaders) =>
  headers['transfer-encoding'] !== undefined || (headers['content-length'] !== undefined && headers['content-length'] !== '0')

export function readJson(bodyBytes: number): RequestHandler {
  const parse = express.json({ limit: bodyBytes, type: 'application/json' })
  return (request, response, next) => {
    if (hasBody(request.headers) && !request.is('application/json')) {
      next(new DomainError('unsupported_media', 'Send the body as application/json.'))
      return
    }
    parse(request, response, next)
  }
}
