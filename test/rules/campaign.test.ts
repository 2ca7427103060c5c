import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  armOf,
  begin,
  cancel,
  type CampaignPatch,
  complete,
  listedTo,
  paceLeft,
  pause,
  resume,
  type SeenTemplate,
  sliceLeft,
  start,
  startsAt,
  templateFault,
} from '../../server/rules/campaign.ts'
import { zoneOfNumber } from '../../server/rules/recipient-zone.ts'
import type { CampaignStatus } from '../../shared/campaigns.ts'
import { campaignDraft } from '../support/campaigns.ts'

const NOW = Date.parse('2026-03-02T12:00:00Z')
const states: CampaignStatus[] = ['draft', 'scheduled', 'running', 'paused', 'done', 'canceled']

describe('from one state to the next', () => {
  const steps = {
    start: start([], NOW),
    begin: begin(NOW),
    pause: pause('asked', ''),
    resume: resume([], NOW),
    cancel: cancel(NOW),
    complete: complete(NOW),
  }
  const allowed: Record<keyof typeof steps, Partial<Record<CampaignStatus, CampaignStatus>>> = {
    start: { draft: 'running' },
    begin: { scheduled: 'running' },
    pause: { scheduled: 'paused', running: 'paused' },
    resume: { paused: 'running' },
    cancel: { draft: 'canceled', scheduled: 'canceled', running: 'canceled', paused: 'canceled' },
    complete: { running: 'done' },
  }
  test.each(Object.keys(steps) as (keyof typeof steps)[])('%s', (step) => {
    const after = states.map((status) => [status, steps[step](campaignDraft({ status }))?.status])
    expect(Object.fromEntries(after.filter(([, to]) => to !== undefined))).toEqual(allowed[step])
  })

  test('what runs is looked at, what rests is not', () => {
    const looks = (patch: CampaignPatch | null) => patch?.lookAt
    expect(looks(steps.start(campaignDraft()))).toBe(NOW)
    expect(looks(steps.pause(campaignDraft({ status: 'running', lookAt: NOW })))).toBeNull()
    expect(looks(steps.resume(campaignDraft({ status: 'paused' })))).toBe(NOW)
    expect(looks(steps.cancel(campaignDraft({ status: 'running', lookAt: NOW })))).toBeNull()
    expect(looks(steps.complete(campaignDraft({ status: 'running', lookAt: NOW })))).toBeNull()
  })

  test('a later start is waited for, and its time begins it', () => {
    const startAt = '2026-03-02T18:00:00-03:00'
    const later = start([], NOW)(campaignDraft({ startAt }))
    expect(later).toMatchObject({ status: 'scheduled', lookAt: Date.parse(startAt) })
    const scheduled = campaignDraft({ startAt, status: 'scheduled', lookAt: Date.parse(startAt) })
    expect(begin(Date.parse(startAt) - 1)(scheduled)).toBeNull()
    expect(begin(Date.parse(startAt))(scheduled)).toMatchObject({ status: 'running' })
    expect(resume([], NOW)({ ...scheduled, status: 'paused' })).toMatchObject({ status: 'scheduled', lookAt: Date.parse(startAt) })
    expect(resume([], Date.parse(startAt) + 1)({ ...scheduled, status: 'paused' })).toMatchObject({ status: 'running' })
    expect(start([], NOW)(campaignDraft({ startAt: '2026-03-02T08:00:00-03:00' }))).toMatchObject({ status: 'running' })
  })

  test('a time where each lives begins where it is first that late', () => {
    expect(startsAt({ startAt: null })).toBeNull()
    expect(startsAt({ startAt: '2026-03-02T10:00' })).toBe(Date.parse('2026-03-02T10:00:00+14:00'))
    expect(startsAt({ startAt: '2026-03-02T10:00:00-03:00' })).toBe(Date.parse('2026-03-02T13:00:00Z'))
  })

  test('by itself nothing is paused that does not run', () => {
    for (const reason of ['look', 'template', 'category', 'sender'] as const)
      expect(states.filter((status) => pause(reason, '')(campaignDraft({ status })) !== null)).toEqual(['running'])
  })

  test('who lets the first slice go on has looked; who lets another pause go on has not', () => {
    const paused = campaignDraft({ status: 'paused', firstSlice: 3 })
    expect(resume([], NOW)({ ...paused, pause: { reason: 'look', detail: '' } })).toMatchObject({ looked: true, pause: null })
    expect(resume([], NOW)({ ...paused, pause: { reason: 'asked', detail: '' } })).toMatchObject({ looked: false, pause: null })
  })
})

test('how far an audience is listed goes on from where it was', () => {
  const at = campaignDraft({ listing: { cursor: 'b' } })
  expect(listedTo('b', 'c', false)(at)).toEqual({ listing: { cursor: 'c' } })
  expect(listedTo('b', null, true)(at)).toEqual({ listing: null })
  expect(listedTo('a', 'b', false)(at)).toBeNull()
  expect(listedTo(null, 'b', false)(campaignDraft({ listing: null }))).toBeNull()
})

test.each([
  [null, false, 5, null],
  [250, true, 300, null],
  [250, false, 0, 250],
  [250, false, 249, 1],
  [250, false, 250, 0],
  [250, false, 260, 0],
])('of a first slice of %s (looked at: %s), with %i out, %s are left', (firstSlice, looked, entered, left) => {
  expect(sliceLeft({ firstSlice, looked }, entered)).toBe(left)
})

test('half of all get the other template, the same ones each time', () => {
  const keys = Array.from({ length: 4000 }, (_, n) => `+54911${44500000 + n}`)
  const share = keys.filter((key) => armOf(key, 2) === 1).length / keys.length
  expect(share).toBeGreaterThan(0.46)
  expect(share).toBeLessThan(0.54)
  expect(keys.map((key) => armOf(key, 2))).toEqual(keys.map((key) => armOf(key, 2)))
  expect(keys.every((key) => armOf(key, 1) === 0 && armOf(key, 0) === 0)).toBe(true)
})

describe('what a template became', () => {
  const promo: SeenTemplate = { name: 'promo', language: 'es', always: true, category: 'MARKETING' }
  const table: [string, SeenTemplate[], 'template' | 'category' | null][] = [
    ['the same', [promo], null],
    ['another language came', [promo, { ...promo, language: 'en', always: false }], null],
    ['it may not go at any time', [{ ...promo, always: false }], 'template'],
    ['it is gone', [], 'template'],
    ['another of that name in another language is no substitute', [{ ...promo, language: 'en' }], 'template'],
    ['it is counted otherwise', [{ ...promo, category: 'UTILITY' }], 'category'],
    ['its category is not known any more', [{ ...promo, category: null }], 'category'],
  ]
  test.each(table)('%s', (_, now, reason) => {
    expect(templateFault([promo], now)?.reason ?? null).toBe(reason)
  })
  test('what never could go at any time, and had no category, is no news', () => {
    const own = { ...promo, always: false, category: null }
    expect(templateFault([own], [])).toBeNull()
    expect(templateFault([own], [{ ...own, category: 'UTILITY' }])).toBeNull()
  })
})

test('in no second more than the most', () => {
  expect(paceLeft([], 0, 5)).toBe(5)
  expect(paceLeft([1000, 1500, 1999], 2000, 5)).toBe(3)
  expect(paceLeft([1000, 1500, 1999], 2000, 2)).toBe(0)
  expect(paceLeft([1000], 1999, 1)).toBe(0)
  expect(paceLeft([1000], 2000, 1)).toBe(1)
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 20 }), fc.array(fc.integer({ min: 0, max: 400 }), { maxLength: 60 }), (most, waits) => {
      const sent: number[] = []
      let now = 0
      for (const wait of waits) {
        now += wait
        for (let left = paceLeft(sent, now, most); left > 0; left--) sent.push(now)
      }
      for (const at of sent) expect(sent.filter((other) => other > at - 1000 && other <= at).length).toBeLessThanOrEqual(most)
    }),
  )
})

test.each([
  ['+5491144500001', 'America/Argentina/Buenos_Aires'],
  ['+573001234567', 'America/Bogota'],
  ['+5511987654321', 'America/Sao_Paulo'],
  ['+5215512345678', 'America/Mexico_City'],
  ['+12025550143', 'America/New_York'],
  ['+59899123456', 'America/Montevideo'],
  ['AR.1A2B', 'America/Argentina/Buenos_Aires'],
])('%s lives by the clock of %s', (number, zone) => {
  expect(zoneOfNumber(number, { timezone: 'America/Argentina/Buenos_Aires', country: 'AR' })).toBe(zone)
})
