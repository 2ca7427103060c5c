// What becomes of something that a client sent, as tables.
import { describe, expect, test } from 'vitest'
import {
  addMedia,
  beginMedia,
  type Fetched,
  isDue,
  mediaDueAt,
  type MediaItem,
  messageOfItem,
  newMedia,
  retryMedia,
  settleMedia,
  showMedia,
} from '../../server/rules/media.ts'
import type { MessageFacts } from '../../server/rules/message.ts'

const NOW = 1_000_000
const source = { sourceUrl: 'https://api.twilio.com/2010-04-01/Accounts/AC1/Messages/MM1/Media/ME1', contentType: 'image/jpeg' }
const [fresh] = newMedia('m1', [source], NOW - 500) as [MediaItem]
const item = (over: Partial<MediaItem> = {}): MediaItem => ({ ...fresh, ...over })
const facts = (media: MediaItem[]) => ({ media }) as unknown as MessageFacts

const kept: Fetched = {
  outcome: 'kept',
  hash: 'a'.repeat(64),
  size: 200,
  contentType: 'image/png',
  filename: 'torta.png',
  width: 40,
  height: 30,
}
const lost: Fetched = { outcome: 'failed', retry: true }
const gone: Fetched = { outcome: 'failed', retry: false }
const tooLarge: Fetched = { outcome: 'blocked', reason: 'too_large' }
test.each([
  ['at its time', 0, true],
  ['after it', -60_000, true],
  ['before it', 1, false],
  ['as long before it as a fetch ever waits', 3_000, false],
  ['longer before it than a fetch ever waits: the clock was set back', 3_001, true],
  ['never, where nothing is to be fetched', null, false],
])('an item is due %s', (_, inMs, due) => expect(isDue({ nextTryAt: inMs === null ? null : NOW + inMs }, NOW)).toBe(due))

const ready = {
  state: 'ready',
  hash: 'a'.repeat(64),
  size: 200,
  contentType: 'image/png',
  filename: 'torta.png',
  width: 40,
  height: 30,
  nextTryAt: null,
} as const

describe('what a fetch makes of an item', () => {
  test.each<[what: string, before: Partial<MediaItem>, seen: number, fetched: Fetched, after: Partial<MediaItem> | null]>([
    ['it was kept', {}, 1, kept, ready],
    ['M8 it failed once: again after a second', {}, 1, lost, { nextTryAt: NOW + 1_000 }],
    ['M8 it failed twice: again after three', { attempts: 2 }, 2, lost, { nextTryAt: NOW + 3_000 }],
    ['M8 it failed three times: that was all', { attempts: 3 }, 3, lost, { nextTryAt: null, state: 'failed' }],
    ['the third time it was there', { attempts: 3 }, 3, kept, ready],
    ['another time would be no better', {}, 1, gone, { nextTryAt: null, state: 'failed' }],
    ['M13 it is too large', {}, 1, tooLarge, { nextTryAt: null, state: 'blocked', reason: 'too_large' }],
    ['another fetch began since', { attempts: 2 }, 1, kept, null],
    ['it is ready already', ready, 1, lost, null],
    ['it failed already', { state: 'failed', nextTryAt: null }, 1, kept, null],
    ['it is blocked already', { state: 'blocked', nextTryAt: null }, 1, kept, null],
  ])('%s', (_what, before, attempts, fetched, after) => {
    const media = [item({ id: 'm1-7' }), item({ attempts: 1, ...before })]
    const change = settleMedia({ id: 'm1-0', attempts }, fetched, NOW)(facts(media))
    expect(change).toEqual(after && { media: [media[0], { ...media[1], ...after }] })
  })

  test('a fetch counts when it begins, once, and its item stays due: it may end the process', () => {
    const begin = beginMedia(item())
    const once = begin(facts([item()]))?.media ?? []
    expect(once).toEqual([item({ attempts: 1 })])
    expect(begin(facts([...once]))).toBeNull()
    expect(beginMedia(item({ state: 'failed' }))(facts([item({ state: 'failed' })]))).toBeNull()
  })
  test('an outcome counts once', () => {
    const rule = settleMedia({ id: 'm1-0', attempts: 1 }, kept, NOW)
    const once = rule(facts([item({ attempts: 1 })]))?.media ?? []
    expect(rule(facts([...once]))).toBeNull()
  })
  test('of an item that is not there nothing changes', () => {
    expect(settleMedia({ id: 'm1-1', attempts: 1 }, kept, NOW)(facts([item()]))).toBeNull()
  })
})

describe('when an agent asks again', () => {
  test.each<[what: string, before: Partial<MediaItem>, after: Partial<MediaItem> | null]>([
    [
      'for one that failed, it begins anew',
      { state: 'failed', attempts: 3, nextTryAt: null },
      { state: 'pending', attempts: 0, nextTryAt: NOW },
    ],
    ['for one that is on its way, nothing changes', {}, null],
    ['for one that is there, nothing changes', ready, null],
    ['for one that may not be shown, nothing changes', { state: 'blocked', nextTryAt: null }, null],
  ])('%s', (_what, before, after) => {
    expect(retryMedia('m1-0', NOW)(facts([item(before)]))).toEqual(after && { media: [{ ...item(before), ...after }] })
  })
})

describe('what a message comes with', () => {
  test('M2 items keep their order, and are named after their message', () => {
    const media = newMedia('m1', [source, { sourceUrl: null, contentType: '' }], NOW)
    expect(media.map(({ id, state, nextTryAt }) => ({ id, state, nextTryAt }))).toEqual([
      { id: 'm1-0', state: 'pending', nextTryAt: NOW },
      { id: 'm1-1', state: 'pending', nextTryAt: NOW },
    ])
    expect(media.map(({ id }) => messageOfItem(id))).toEqual(['m1', 'm1'])
    expect(['', 'x', '-1'].map(messageOfItem)).toEqual(['', '', ''])
  })
  test('an address that is none has failed from the start', () => {
    expect(newMedia('m1', [{ sourceUrl: 'nowhere', contentType: '' }], NOW)).toMatchObject([{ state: 'failed', nextTryAt: null }])
  })
  test('the soonest item decides when to fetch', () => {
    expect(mediaDueAt([item({ nextTryAt: 30 }), item({ nextTryAt: null }), item({ nextTryAt: 20 })])).toBe(20)
    expect(mediaDueAt([item({ nextTryAt: null })])).toBeNull()
    expect(mediaDueAt([])).toBeNull()
  })
  test.each<[what: string, before: MediaItem[], told: (typeof source)[], after: Partial<MediaItem>[]]>([
    ['what is fetched stays', [item(ready)], [{ ...source, sourceUrl: 'https://x.example.com' }], [ready]],
    ['what nobody knew is added', [item({ sourceUrl: null, contentType: '' })], [source], [source]],
    ['more than the list told of is added', [item(ready)], [source, source], [ready, { id: 'm1-1', state: 'pending' }]],
    ['less than the list told of takes nothing away', [item(ready), item({ id: 'm1-1' })], [source], [ready, { id: 'm1-1' }]],
  ])('a webhook after the list: %s', (_what, before, told, after) => {
    expect(addMedia('m1', before, told, NOW)).toMatchObject(after)
    expect(addMedia('m1', before, told, NOW)).toHaveLength(after.length)
  })
})

test('where it was fetched from, and by what it is kept, is told to nobody', () => {
  const contacts = [{ name: 'Ana', phones: ['+5491144501001'] }]
  const shown = showMedia([item({ ...ready, contacts }), item({ id: 'm1-1', state: 'blocked', reason: 'type', contacts })])
  expect(shown).toEqual({
    media: [
      { id: 'm1-0', url: '', contentType: 'image/png', filename: 'torta.png', size: 200, state: 'ready', width: 40, height: 30 },
      { id: 'm1-1', url: '', contentType: 'image/jpeg', filename: null, size: null, state: 'blocked', reason: 'type' },
    ],
    contacts: [...contacts, ...contacts],
  })
  expect(showMedia([item()])).not.toHaveProperty('contacts')
})
