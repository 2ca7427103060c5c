// When and how Twilio's list is read: a broken page, two processes, a stop in the middle. The store is real, Twilio's answers are
// given.
import { describe, expect, test } from 'vitest'
import { type ContentPage, type Gateway, ListUnreadable } from '../../server/outbox/gateway.ts'
import type { Parts } from '../../server/parts.ts'
import type { TemplateInput } from '../../server/store/records.ts'
import { createTemplateDesk } from '../../server/templates/template-desk.ts'
import { captureLog } from '../support/captured-log.ts'
import { createManualClock } from '../support/manual-clock.ts'
import { useSqliteFile } from '../support/sqlite-file.ts'
import { until } from '../support/until.ts'

const own = useSqliteFile()
const sid = (n: number) => `HX${String(n).padStart(32, '0')}`
const listed = (n: number): TemplateInput => ({
  ...{ name: `aviso_${n}`, language: 'es', body: 'Hola.', type: 'text', buttons: 0, defaults: {}, source: 'twilio', status: 'approved' },
  ...{ whatsapp: { contentSid: sid(n), variables: [] }, category: 'UTILITY', quality: null, rejection: null, gone: false },
})
const page = (numbers: number[], next: string | null = null): ContentPage => ({
  ...{ items: numbers.map(listed), sids: numbers.map(sid), next, readAt: Number.MAX_SAFE_INTEGER },
})
type Answer = (page: string | null) => Promise<ContentPage> | ContentPage

async function world(answer: Answer) {
  const clock = createManualClock()
  const store = await own.open({ clock })
  const { log, text } = captureLog()
  const gateway: Pick<Gateway, 'listContents' | 'contentState'> = {
    listContents: async (one) => answer(one),
    contentState: async () => null,
  }
  const parts = {
    ...{ store, clock, log, publish: { templates() {} }, config: { twilio: {} }, organizationOf: () => ({ gateway }) },
  } as unknown as Parts
  const desk = (holder = 'one') => createTemplateDesk(parts, 'default', holder)
  const states = async () =>
    (await store.templates('default', {}, { cursor: null, limit: 100 })).items.map(({ name, gone }) => `${name}${gone ? ' gone' : ''}`)
  return { clock, store, desk, states, text }
}

describe('a reading that breaks', () => {
  test('keeps the pages that were read, and takes nothing for gone', async () => {
    let broken = false
    const { clock, desk, states, text } = await world((one) => {
      if (!broken) return page([1, 2, 3])
      if (one === null) return page([1, 4], 'second')
      throw new ListUnreadable('Twilio’s list of contents could not be read: HTTP 429', 7_000)
    })
    const one = desk()
    await one.sync()
    broken = true
    clock.sleep(61_000)
    await expect(one.sync()).rejects.toMatchObject({ code: 'unavailable', more: { retryAfter: 7 } })
    expect(await states()).toEqual(['aviso_1', 'aviso_2', 'aviso_3', 'aviso_4'])
    expect(one.status().fault).toContain('HTTP 429')
    expect(text().match(/could not be read from Twilio/g)).toHaveLength(1)
    await one.close()
  })

  test('is tried again when Twilio said, and then says what is gone', async () => {
    const asked: number[] = []
    let until429 = 0
    const { clock, desk, states } = await world(() => {
      asked.push(clock.elapsed())
      if (clock.elapsed() < until429) throw new ListUnreadable('HTTP 429', 7_000)
      return page(asked.length < 2 ? [1, 2] : [1])
    })
    const one = desk()
    await one.sync()
    until429 = 121_000
    one.start()
    await clock.advance(60_000)
    expect(asked, 'not at the start').toHaveLength(2)
    for (let second = 0; second < 70; second++) await clock.advance(1_000)
    expect(asked.slice(1, 4).map((at, index, all) => at - (all[index - 1] ?? at))).toEqual([0, 7_000, 7_000])
    expect(await states()).toEqual(['aviso_1', 'aviso_2 gone'])
    await one.close()
  })

  test('by a list that never ends is no list', async () => {
    const { desk, states } = await world((one) => page([1], one === 'again' ? 'again' : 'again'))
    const one = desk()
    await expect(one.sync()).rejects.toMatchObject({ code: 'unavailable', message: expect.stringContaining('no end') })
    expect(await states()).toEqual(['aviso_1'])
    await one.close()
  })
})

describe('readings of several', () => {
  test('who ask at once in one process are one reading', async () => {
    let asked = 0
    const { desk } = await world(() => {
      asked++
      return page([1])
    })
    const one = desk()
    const [first, second] = await Promise.all([one.sync(), one.sync()])
    expect([asked, first]).toEqual([1, second])
    await one.close()
  })

  test('processes never go on together: the second waits for the first', async () => {
    const gate = Promise.withResolvers<void>()
    let inside = 0
    let most = 0
    const { clock, desk } = await world(async () => {
      most = Math.max(most, ++inside)
      await gate.promise
      inside--
      return page([1])
    })
    const [one, other] = [desk('one'), desk('other')]
    const both = Promise.all([one.sync(), other.sync()])
    await clock.advance(2_000)
    gate.resolve()
    await until(async () => {
      await clock.advance(500)
      return other.status().readAt !== null && one.status().readAt !== null
    })
    expect(await both).toEqual([
      { created: 1, changed: 0, gone: 0, unchanged: 0 },
      { created: 0, changed: 0, gone: 0, unchanged: 1 },
    ])
    expect(most).toBe(1)
    await Promise.all([one.close(), other.close()])
  })

  test('processes read by turns: what one has just read no other reads again', async () => {
    let asked = 0
    const { clock, desk } = await world(() => {
      asked++
      return page([1])
    })
    const desks = ['one', 'other', 'third'].map((holder) => desk(holder))
    for (const one of desks) one.start()
    await clock.advance(61_000)
    expect(asked).toBe(1)
    await clock.advance(5 * 60_000)
    expect(asked).toBe(2)
    await Promise.all(desks.map((one) => one.close()))
  })

  test('who stops in the middle goes no further, gives the turn to another at once, and complains of nothing', async () => {
    const gate = Promise.withResolvers<void>()
    const asked: (string | null)[] = []
    const { desk, text } = await world(async (one) => {
      asked.push(one)
      if (asked.length === 1) await gate.promise
      return page([1], one === null ? 'second' : null)
    })
    const [one, other] = [desk('one'), desk('other')]
    const first = one.sync().catch((error: unknown) => error)
    await until(() => asked.length === 1)
    await one.close()
    expect(await other.sync()).toMatchObject({ created: 1 })
    gate.resolve()
    expect(await first).toMatchObject({ code: 'unavailable' })
    expect(asked).toEqual([null, null, 'second'])
    expect(text()).not.toContain('could not be read')
    await other.close()
  })
})
