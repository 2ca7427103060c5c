// Tests what the log takes, and how a test is told that it took too much.
import { describe, expect, test } from 'vitest'
import { captureLog } from '../support/captured-log.ts'

const token = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhZ2VudC0xIn0.c2lnbmF0dXJl'

describe('an error in the log', () => {
  const text = 'un texto muy particular'
  const personal = { phone: '+5491144500001', to: 'whatsapp:+5491144500001', body: text, config: { headers: { authorization: token } } }
  const cause = Object.assign(new TypeError(`The number +54 9 11 4450-0001 is wrong`), personal, { code: 21211 })

  test('has its name, code, place and cause, and none of what else it carries', () => {
    const { log, text: logged } = captureLog()
    log.error({ err: Object.assign(new Error(`not "${text}" with ${token}`, { cause }), personal) }, 'failed')
    expect(JSON.parse(logged())).toMatchObject({
      msg: 'failed',
      err: {
        name: 'Error',
        message: 'not […] with [token]',
        frames: expect.arrayContaining([expect.stringContaining('log.test.ts')]),
        cause: { name: 'TypeError', code: 21211, message: 'The number [number] is wrong' },
      },
    })
    for (const secret of ['4450', '44500001', 'particular', 'eyJ']) expect(logged()).not.toContain(secret)
  })

  test('has places alone for its frames: a message of several lines is not told there again', () => {
    const { log, text: logged } = captureLog()
    log.error({ err: new Error('first line\nsecond line') }, 'failed')
    const { frames } = (JSON.parse(logged()) as { err: { frames: string[] } }).err
    expect(frames.filter((one) => !one.startsWith('at '))).toEqual([])
    expect(frames.length).toBeGreaterThan(0)
  })

  test('has nothing of a long quotation either, which is cut', () => {
    const { log, text: logged } = captureLog()
    log.error({ err: new Error(`refused: "${`${text} `.repeat(100)}"`) }, 'failed')
    expect(logged()).not.toContain('particular')
  })

  test('may be anything that was thrown, and says then only what kind of thing it was', () => {
    const { log, text: logged } = captureLog()
    for (const thrown of ['un texto muy particular', { ...personal }, ['+5491144500001'], 7, null]) log.warn({ err: thrown }, 'failed')
    expect(logged().match(/"msg":"failed"/g)).toHaveLength(5)
    for (const secret of ['44500001', 'particular']) expect(logged()).not.toContain(secret)
  })
})

describe('a suite that starts a server fails at its end', () => {
  const own = '+14155238886'
  test.each([
    ['a number', { to: '+5491144500001' }],
    ['a number without its plus', { seen: '5491144500001' }],
    ['a number as people write it', { line: '+54 9 11 4450-0002' }],
    ['a text', { line: 'llegó: "¿A qué hora?\nGracias"' }],
    ['a token', { authorization: `Bearer ${token}` }],
    ['a secret', { given: 'the-secret-of-the-server' }],
  ])('when %s was logged', (_what, fields) => {
    const captured = captureLog([own], ['the-secret-of-the-server'])
    captured.hide({ messages: [{ from: 'whatsapp:+5491144500001', text: '¿A qué hora?\nGracias' }] })
    captured.log.info({ sender: own, text: 'ok' }, 'as it should be')
    captured.check()
    captured.log.debug(fields, 'request')
    expect(captured.check).toThrow('nobody may read there')
  })
})
