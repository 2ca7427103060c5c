// The filter of the log: its address, and the call that it becomes.
import { describe, expect, test } from 'vitest'
import { addressOf, countFilters, noFilter, queryOf, readAddress } from '../../console/pages/log/filter.ts'

describe('the address', () => {
  test('says the filter, and reads back as it', () => {
    const filter = { ...noFilter, status: ['queued', 'failed'] as const, direction: 'outbound' as const, q: 'a&b=c', from: '2026-03-01' }
    const asked = { ...filter, status: [...filter.status] }
    const address = addressOf(asked, 'm-1')
    expect(address).toBe('#/log?status=queued%2Cfailed&direction=outbound&from=2026-03-01&q=a%26b%3Dc&message=m-1')
    expect(readAddress(address.replace('#/log', ''))).toEqual({ filter: asked, open: 'm-1' })
    expect(addressOf(noFilter)).toBe('#/log')
  })
  test('typed by hand, what it does not know is left out', () => {
    const { filter, open } = readAddress('?status=failed,broken&direction=up&channel=fax&from=yesterday&to=2026-13-40&author=%20ana%20')
    expect(filter).toEqual({ ...noFilter, status: ['failed'], author: 'ana' })
    expect(open).toBeNull()
  })
})

describe('the call', () => {
  test('asks for whole days of the organization, the last one included', () => {
    expect(queryOf({ ...noFilter, from: '2026-03-01', to: '2026-03-01' }, 'America/Argentina/Buenos_Aires')).toEqual({
      from: '2026-03-01T03:00:00.000Z',
      to: '2026-03-02T03:00:00.000Z',
    })
    // The day on which clocks go forward has 23 hours.
    expect(queryOf({ ...noFilter, from: '2026-03-29', to: '2026-03-29' }, 'Europe/Madrid')).toEqual({
      from: '2026-03-28T23:00:00.000Z',
      to: '2026-03-29T22:00:00.000Z',
    })
  })
  test('says nothing of what is not filtered', () => {
    expect(queryOf(noFilter, 'UTC')).toEqual({})
    expect(queryOf({ ...noFilter, status: ['failed', 'read'], campaignId: 'c-1' }, 'UTC')).toEqual({
      status: 'failed,read',
      campaignId: 'c-1',
    })
  })
})

test('filters are counted, each field once', () => {
  expect(countFilters(noFilter)).toBe(0)
  expect(countFilters({ ...noFilter, status: ['failed', 'read'], q: 'x' })).toBe(2)
})
