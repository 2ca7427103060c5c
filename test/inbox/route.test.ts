// Which record an inbound message belongs to: quoted, last outbound, only open record, else unfiled.
import { describe, expect, test } from 'vitest'
import { chooseRoute } from '../../server/inbox/route.ts'
import type { RouteFacts } from '../../server/store/records.ts'

const facts = (more: Partial<RouteFacts>): RouteFacts => ({
  quoted: null,
  lastOutbound: null,
  openCoordinations: [],
  closedCoordination: null,
  ...more,
})

describe('the route of an inbound message', () => {
  test.each<[string, Partial<RouteFacts>, string | null, string | null]>([
    ['nothing known: unfiled', {}, null, null],
    ['the only open record', { openCoordinations: ['a'] }, 'a', null],
    ['I24 two open records, nothing sent yet: unfiled', { openCoordinations: ['a', 'b'] }, null, null],
    [
      'I24 two open records: that of the last outbound',
      { openCoordinations: ['a', 'b'], lastOutbound: { coordinationId: 'b', open: true } },
      'b',
      null,
    ],
    [
      'I24 the last outbound was unfiled: the only open record',
      { openCoordinations: ['a'], lastOutbound: { coordinationId: null, open: false } },
      'a',
      null,
    ],
    [
      'I24 its record is closed: the only open record',
      { openCoordinations: ['a'], lastOutbound: { coordinationId: 'z', open: false }, closedCoordination: 'z' },
      'a',
      null,
    ],
    [
      'I24 its record is closed, two are open: unfiled, no hint',
      { openCoordinations: ['a', 'b'], lastOutbound: { coordinationId: 'z', open: false }, closedCoordination: 'z' },
      null,
      null,
    ],
    ['I23 only a closed record: unfiled, with a hint of it', { closedCoordination: 'z' }, null, 'z'],
    [
      'a quote wins over the last outbound and the only open record',
      { quoted: { coordinationId: 'q', open: true }, openCoordinations: ['a'], lastOutbound: { coordinationId: 'a', open: true } },
      'q',
      null,
    ],
    [
      'a quote of a closed record: unfiled, with a hint of it, also where another is open',
      { quoted: { coordinationId: 'z', open: false }, openCoordinations: ['a'], lastOutbound: { coordinationId: 'a', open: true } },
      null,
      'z',
    ],
    [
      'a quote of an unfiled message stays unfiled',
      { quoted: { coordinationId: null, open: false }, openCoordinations: ['a'] },
      null,
      null,
    ],
  ])('%s', (_, given, coordinationId, hintId) => {
    expect(chooseRoute(facts(given))).toEqual({ coordinationId, hintId })
  })
})
