import { describe, expect, test } from 'vitest'
import { afterInbound, changeLine, findLine, hear, lineOfJoined, type LineFacts } from '../../server/rules/line.ts'

const BRAZIL = '+5541988887777'
const BRAZIL_OLD = '+554188887777'
const USER = 'BR.1A2B'

describe('the line of an address', () => {
  const mine = { contactId: 'ana', keys: [BRAZIL, BRAZIL_OLD, USER] } as const
  const line = (key: string, contactId = 'ana'): LineFacts => ({ key, contactId })

  test.each<[string, LineFacts[], string | undefined]>([
    ['there is none', [], undefined],
    ['is that of its first key', [line(BRAZIL)], BRAZIL],
    ['is that of its first key, whoever’s it was', [line(BRAZIL, 'luis')], BRAZIL],
    ['is that of another form, where it is the contact’s own', [line(BRAZIL_OLD)], BRAZIL_OLD],
    ['is never that of another form where it is somebody else’s', [line(BRAZIL_OLD, 'luis')], undefined],
    ['is that of an id that the client wrote under', [line(USER)], USER],
    ['is that of the best key of several', [line(USER), line(BRAZIL_OLD), line(BRAZIL, 'luis')], BRAZIL],
    ['passes over somebody else’s form to its own', [line(BRAZIL_OLD, 'luis'), line(USER)], USER],
  ])('%s', (_, lines, key) => {
    expect(findLine(mine, (wanted) => lines.find((one) => one.key === wanted))?.key).toBe(key)
  })
  test('is not looked for further than it has to be', () => {
    const asked: string[] = []
    findLine(mine, (key) => {
      asked.push(key)
      return line(key)
    })
    expect(asked).toEqual([BRAZIL])
  })

  test.each([
    ['nothing', line(BRAZIL), null],
    ['its key becomes the normalised one', line(BRAZIL_OLD), { key: BRAZIL }],
    ['it is the new contact’s, and forgets the other’s record', line(BRAZIL, 'luis'), { contactId: 'ana', lastRecord: null }],
    ['both', line(USER, 'luis'), { key: BRAZIL, contactId: 'ana', lastRecord: null }],
  ])('taking it changes: %s', (_, known, change) => {
    expect(changeLine(known, mine)).toEqual(change)
  })
})

describe('what an inbound message says of its line', () => {
  const known = { address: BRAZIL, phone: BRAZIL, lastInboundAt: 1_000 }
  test.each([
    ['the first opens the window', { ...known, lastInboundAt: null }, 0, { lastInboundAt: 0, address: BRAZIL_OLD }],
    ['a later one moves it', known, 1_001, { lastInboundAt: 1_001, address: BRAZIL_OLD }],
    ['one of the same moment counts as later', known, 1_000, { lastInboundAt: 1_000, address: BRAZIL_OLD }],
    ['an older one that comes late changes nothing', known, 999, known],
  ])('%s', (_, line, createdAt, expected) => {
    expect(afterInbound(line, { createdAt, address: BRAZIL_OLD, phone: BRAZIL })).toEqual({ phone: BRAZIL, ...expected })
  })
  test('what is hidden does not take back what is known', () => {
    expect(afterInbound(known, { createdAt: 2_000, address: USER, phone: null })).toEqual({
      address: USER,
      phone: BRAZIL,
      lastInboundAt: 2_000,
    })
    expect(afterInbound(known, { createdAt: 2_000, address: null, phone: null })).toEqual({ ...known, lastInboundAt: 2_000 })
  })
  test('is told as data too: a time, and what holds from then on', () => {
    expect(hear({ createdAt: 5, address: BRAZIL, phone: null })).toEqual({ at: 5, set: { address: BRAZIL } })
  })
})

test.each([
  ['the one that is joined', { lastInboundAt: 1 }, { lastInboundAt: 2 }, 'source'],
  ['the one that is there, where both are as old', { lastInboundAt: 2 }, { lastInboundAt: 2 }, 'target'],
  ['the one that is there, where nobody wrote', { lastInboundAt: null }, { lastInboundAt: null }, 'target'],
  ['the one that was written on at all', { lastInboundAt: null }, { lastInboundAt: 1 }, 'source'],
])('joined threads go over the line of %s', (_, target, source, expected) => {
  expect(lineOfJoined(target, source)).toBe(expected === 'source' ? source : target)
})
