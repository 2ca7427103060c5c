// Faults of ours: told without details, logged without what people wrote.
import { describe, expect, it } from 'vitest'
import { problemOf } from '../../server/http/problem-document.ts'
import { DomainError } from '../../shared/problems.ts'
import { captureLog } from '../support/captured-log.ts'
import { tokenOf } from './serve.ts'

describe('an unexpected error', () => {
  const token = tokenOf()
  const error = new Error(`insert failed for +54 9 11 4450-0001 with "un texto muy particular" and ${token}`, {
    cause: Object.assign(new TypeError("duplicate key { phone: '+5491144500001' }"), {
      code: 11000,
      keyValue: { phone: '+5491144500001' },
    }),
  })

  it('is told without details', () => {
    const { log } = captureLog()
    const problem = problemOf(error, log)
    expect(problem).toMatchObject({ status: 500, code: 'internal' })
    expect(JSON.stringify(problem)).not.toMatch(/insert|4450|texto|eyJ/)
  })

  it('is logged with its cause and its place, without number, text or token', () => {
    const { log, text: logged } = captureLog()
    problemOf(error, log)
    expect(logged()).toMatch(/insert failed/)
    expect(logged()).toMatch(/TypeError.*11000|11000.*TypeError/)
    expect(logged()).toMatch(/problem-document\.test/)
    for (const secret of ['4450', '44500001', 'particular', token]) expect(logged()).not.toContain(secret)
  })

  it('may be anything', () => {
    const { log } = captureLog()
    for (const thrown of [undefined, null, 'text', 7, {}, []]) expect(problemOf(thrown, log).status).toBe(500)
  })
})

describe('a domain error', () => {
  it('is told as it is, and not logged', () => {
    const { log, text: logged } = captureLog()
    expect(problemOf(new DomainError('window_closed', 'Closed.', { templates: ['saludo'] }), log)).toMatchObject({
      status: 409,
      templates: ['saludo'],
    })
    expect(logged()).toBe('')
  })

  it('that says we are unavailable leaves its cause in the log', () => {
    const { log, text: logged } = captureLog()
    problemOf(new DomainError('unavailable', 'Gone.', { cause: new Error('connection refused') }), log)
    expect(logged()).toContain('connection refused')
  })
})
