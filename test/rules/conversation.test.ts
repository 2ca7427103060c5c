import { describe, expect, test } from 'vitest'
import {
  type AfterMove,
  afterAnswer,
  afterMove,
  type Answer,
  type ConversationDesk,
  type ConversationFacts,
  enterMessage,
  entersAs,
  filesLine,
  firstOf,
  isAboutToAnswer,
  isAnswer,
  isPreviewed,
  latestAnswers,
  patchConversation,
  type Taken,
  takeInbound,
  takeJoined,
  takeMoved,
  type ThreadMessage,
  type Held,
  unseenAnswer,
  whileHeld,
} from '../../server/rules/conversation.ts'
import { applySteps } from '../../server/rules/steps.ts'

const conversation = (more: Partial<ConversationFacts> = {}): ConversationFacts => ({
  status: 'open',
  snoozedUntil: null,
  lastSeq: 4,
  inboundCount: 3,
  answeredCount: 3,
  awaitingSince: null,
  activityAt: 1_000,
  ...more,
})

const ana = { id: 'agent-ana', name: 'Ana' }
const luis = { id: 'agent-luis', name: 'Luis' }
const conversationOf = (answeredCount: number): ConversationDesk => ({ ...conversation({ answeredCount }), assignee: null, tags: [] })

describe('a message of the client', () => {
  test.each<[string, Partial<ConversationFacts>, number, Partial<ConversationFacts>]>([
    ['is unanswered, and waits', {}, 2_000, { awaitingSince: 2_000, activityAt: 2_000 }],
    ['waits since the first one', { answeredCount: 1, awaitingSince: 900 }, 2_000, { awaitingSince: 900, activityAt: 2_000 }],
    ['that comes late moves nothing down', {}, 500, { awaitingSince: 500, activityAt: 1_000 }],
    ['is the first word of a person', { activityAt: null }, 2_000, { awaitingSince: 2_000, activityAt: 2_000 }],
    ['opens what was closed', { status: 'closed' }, 2_000, { status: 'open', awaitingSince: 2_000, activityAt: 2_000 }],
    [
      'wakes what was snoozed',
      { status: 'snoozed', snoozedUntil: 9_000 },
      2_000,
      { status: 'open', snoozedUntil: null, awaitingSince: 2_000, activityAt: 2_000 },
    ],
  ])('%s', (_, more, createdAt, changed) => {
    const before = conversation(more)
    expect(applySteps(before, takeInbound({ createdAt }))).toEqual({ ...before, lastSeq: 5, inboundCount: 4, ...changed })
  })
})

const message = (seq: number, authorId: string | null, more: Partial<ThreadMessage> = {}): ThreadMessage => ({
  id: `m-${seq}`,
  seq,
  direction: 'outbound',
  authorType: 'agent',
  authorId,
  status: 'sent',
  claimedAt: 1,
  wasMoved: false,
  ...more,
})
const answer = (seq: number, by: string): Answer => ({ by, id: `m-${seq}`, seq })

describe('what an agent sets', () => {
  const ana = { id: 'ana', name: 'Ana' }
  const before = { ...conversation({ answeredCount: 1, awaitingSince: 900 }), assignee: ana, tags: ['vip'] }
  const snoozed = { ...before, status: 'snoozed', snoozedUntil: 9_000 } as const

  test.each<[string, ConversationDesk, Parameters<typeof patchConversation>[1], Partial<ConversationDesk> | null]>([
    ['nothing', before, {}, null],
    ['what it is already', before, { status: 'open', assignee: { ...ana }, tags: ['vip', 'vip'], snoozedUntil: null }, null],
    ['closed: it is answered', before, { status: 'closed' }, { status: 'closed', answeredCount: 3, awaitingSince: null }],
    [
      'closed again: what came since is answered',
      { ...before, status: 'closed' },
      { status: 'closed' },
      { answeredCount: 3, awaitingSince: null },
    ],
    ['closed, and nobody waits', conversationOf(3), { status: 'closed' }, { status: 'closed' }],
    ['snoozed: it still waits', before, { status: 'snoozed', snoozedUntil: 9_000 }, { status: 'snoozed', snoozedUntil: 9_000 }],
    ['snoozed to another time', snoozed, { snoozedUntil: 8_000 }, { snoozedUntil: 8_000 }],
    ['opened: no time to wake is left', snoozed, { status: 'open' }, { status: 'open', snoozedUntil: null }],
    ['a time to wake where nothing is snoozed', before, { snoozedUntil: 9_000 }, null],
    ['nobody’s', before, { assignee: null }, { assignee: null }],
    ['answered by who takes it', { ...before, assignee: null }, { taker: ana }, { assignee: ana }],
    ['answered where a colleague has it', before, { taker: { id: 'agent-luis', name: 'Luis' } }, null],
    ['woken in time', snoozed, { wakesBy: 9_000 }, { status: 'open', snoozedUntil: null, activityAt: 9_000 }],
    ['woken too early: snoozed anew meanwhile', snoozed, { wakesBy: 8_999 }, null],
    ['woken, and open already', before, { wakesBy: 9_000 }, null],
    [
      'closed by mistake: who waited waits as before',
      { ...conversationOf(3), status: 'closed' },
      { status: 'open', unanswered: { answeredCount: 1, since: 700 } },
      { status: 'open', answeredCount: 1, awaitingSince: 700 },
    ],
    [
      'put back where the client wrote meanwhile: since the first',
      { ...conversationOf(2), awaitingSince: 1_500 },
      { unanswered: { answeredCount: 1, since: 700 } },
      { answeredCount: 1, awaitingSince: 700 },
    ],
    ['put back to what is answered all the same', conversationOf(3), { unanswered: { answeredCount: 3, since: 700 } }, null],
    ['other tags, each once', before, { tags: ['b', 'a', 'b'] }, { tags: ['b', 'a'] }],
  ])('%s', (_, known, patch, change) => {
    expect(patchConversation(known, patch)).toEqual(change)
  })
})

describe('a message of ours', () => {
  const entering = { direction: 'outbound', authorType: 'agent', status: 'queued', claimedAt: null } as const
  const waiting = conversation({ status: 'snoozed', snoozedUntil: 9_000, answeredCount: 1, awaitingSince: 900 })
  const answered: Partial<ConversationFacts> = { status: 'open', snoozedUntil: null, answeredCount: 3, awaitingSince: null }

  test.each<[string, Parameters<typeof enterMessage>[0], number, Partial<ConversationFacts>]>([
    ['by an agent answers, opens and moves up', entering, 2_000, { ...answered, activityAt: 2_000 }],
    ['that was written before others moves nothing down', entering, 500, answered],
    ['that failed as it came due only moves up', { ...entering, status: 'failed' }, 2_000, { activityAt: 2_000 }],
    ['by an automation only takes its place', { ...entering, authorType: 'automation' }, 2_000, {}],
    ['by a campaign only takes its place', { ...entering, authorType: 'campaign' }, 2_000, {}],
    ['that is a note only takes its place', { ...entering, direction: 'internal', status: 'received' }, 2_000, {}],
  ])('%s', (_, message, at, changed) => {
    expect(applySteps(waiting, enterMessage(message, at))).toEqual({ ...waiting, lastSeq: 5, ...changed })
  })

  test.each<[string, Partial<ConversationFacts>, Parameters<typeof enterMessage>[2], Partial<ConversationFacts>]>([
    ['answers what was there', {}, { unseen: null }, { answeredCount: 3, awaitingSince: null }],
    ['answers not what came later', {}, { unseen: { answeredCount: 2, since: 1_900 } }, { answeredCount: 2, awaitingSince: 1_900 }],
    ['leaves closed what its author closed since', { status: 'closed' }, { unseen: null }, { answeredCount: 3, awaitingSince: null }],
  ])('that was held %s', (_, more, held, changed) => {
    const before = { ...waiting, ...more }
    expect(applySteps(before, enterMessage(entering, 2_000, held))).toEqual({ ...before, lastSeq: 5, activityAt: 2_000, ...changed })
  })

  const inbound = (createdAt: number) => ({ direction: 'inbound', createdAt }) as const
  test.each<[string, number | null, Parameters<typeof whileHeld>[2], Held['unseen']]>([
    ['nothing came', 900, [inbound(900), inbound(1_000)], null],
    ['two came, in whatever order they are read', 900, [inbound(1_002), inbound(1_001), inbound(900)], { answeredCount: 1, since: 1_001 }],
    ['a colleague wrote', 900, [{ direction: 'outbound', createdAt: 1_001 }], null],
    ['one came and was answered by a colleague', null, [inbound(1_001)], null],
  ])('while it was held: %s', (_, awaitingSince, newest, unseen) => {
    expect(whileHeld(1_000, { inboundCount: 3, awaitingSince }, newest)).toEqual({ unseen })
  })

  test.each<[string, Partial<Parameters<typeof isAboutToAnswer>[0]>, boolean]>([
    ['a colleague’s in a moment', {}, true],
    ['a colleague’s that is due already', { dueAt: 500 }, true],
    ['a colleague’s in an hour', { dueAt: 3_601_000 }, false],
    ['one’s own', { authorId: 'ana' }, false],
    ['an automation’s', { authorType: 'automation', authorId: 'reminder' }, false],
    ['one that was taken back', { status: 'canceled' }, false],
  ])('is about to answer: %s: %s', (_, more, answers) => {
    const planned = { id: 'p', authorType: 'agent', authorId: 'luis', status: 'scheduled', dueAt: 61_000 } as const
    expect(isAboutToAnswer({ ...planned, ...more }, 'ana', 1_000)).toBe(answers)
  })

  test.each([
    ['outbound', null, 'queued'],
    ['internal', null, 'received'],
    ['outbound', { code: null, reason: 'window', message: '', action: 'none' }, 'failed'],
  ] as const)('that is %s, with the failure %j, enters as %s', (direction, failure, status) => {
    expect(entersAs(direction, failure)).toBe(status)
  })
  test('is what the list shows, unless it is a note', () => {
    expect((['inbound', 'outbound', 'internal'] as const).filter(isPreviewed)).toEqual(['inbound', 'outbound'])
  })
})

describe('a move', () => {
  const taken = (createdAt: number, more: Partial<Taken> = {}): Taken => ({
    inbound: true,
    unanswered: false,
    person: true,
    createdAt,
    ...more,
  })
  const closed = conversation({ status: 'closed' })
  test.each<[string, Taken[], Partial<ConversationFacts>]>([
    ['of what was answered opens nothing', [taken(2_000)], { lastSeq: 5, inboundCount: 4, answeredCount: 4, activityAt: 2_000 }],
    [
      'of what nobody answered opens, and waits since its first',
      [taken(900, { unanswered: true }), taken(800), taken(950, { unanswered: true })],
      { lastSeq: 7, inboundCount: 6, answeredCount: 4, status: 'open', awaitingSince: 900 },
    ],
    ['of our own is not counted', [taken(2_000, { inbound: false })], { lastSeq: 5, activityAt: 2_000 }],
    ['of what automations sent moves nothing up', [taken(2_000, { inbound: false, person: false })], { lastSeq: 5 }],
  ])('%s', (_, messages, changed) => {
    expect(applySteps(closed, takeMoved(messages))).toEqual({ ...closed, ...changed })
  })
  test.each<[string, Partial<ConversationDesk>, Partial<ConversationDesk>, Partial<ConversationDesk>]>([
    ['nobody waits in stays as it is', {}, { status: 'closed' }, { status: 'closed' }],
    [
      'somebody waits in is open',
      { answeredCount: 2, awaitingSince: 900 },
      { status: 'closed' },
      { status: 'open', answeredCount: 5, awaitingSince: 900 },
    ],
    [
      'waits since the first of both',
      { answeredCount: 2, awaitingSince: 950 },
      { answeredCount: 1, awaitingSince: 900 },
      { answeredCount: 3, awaitingSince: 900 },
    ],
    ['was spoken in later moves it up', { activityAt: 2_000 }, {}, { activityAt: 2_000 }],
    ['was spoken in before moves it nowhere', { activityAt: 900 }, {}, {}],
    ['no person ever wrote in moves it nowhere', { activityAt: null }, {}, {}],
    ['somebody has gives him what is nobody’s', { assignee: ana }, {}, { assignee: ana }],
    ['somebody has leaves it with whom it is', { assignee: ana }, { assignee: luis }, { assignee: luis }],
    ['has tags puts those that it lacks behind its own', { tags: ['b', 'a'] }, { tags: ['a', 'c'] }, { tags: ['a', 'c', 'b'] }],
  ])('of a whole thread that %s', (_, joining, there, changed) => {
    const before = { ...conversationOf(3), ...there }
    const after = applySteps(before, takeJoined({ ...conversationOf(3), ...joining }))
    expect(after).toEqual({ ...before, lastSeq: 8, inboundCount: 6, answeredCount: 6, ...changed })
  })
  test('leaves who still stands there waiting, since his first message; nobody where none is left; an emptied thread is closed', () => {
    const before = conversation({ answeredCount: 1, awaitingSince: 900 })
    const moved = (more: Partial<AfterMove>) => applySteps(before, afterMove({ first: null, isEmpty: false, cameBack: false, ...more }))
    expect(moved({})).toEqual({ ...before, answeredCount: 3, awaitingSince: null })
    expect(moved({ first: { ordinal: 3, createdAt: 950 } })).toEqual({ ...before, answeredCount: 2, awaitingSince: 950 })
    expect(moved({ isEmpty: true })).toEqual({ ...before, answeredCount: 3, awaitingSince: null, status: 'closed' })
  })
  test('that is undone opens the thread again, where who waited waits', () => {
    const before = conversation({ status: 'closed' })
    const first = firstOf([null, { ordinal: 3, createdAt: 700 }, { ordinal: 2, createdAt: 800 }])
    expect(applySteps(before, afterMove({ first, isEmpty: false, cameBack: true }))).toEqual({
      ...before,
      status: 'open',
      answeredCount: 1,
      awaitingSince: 800,
    })
  })
  test.each([
    [null, 'ev-1', true],
    ['ev-1', null, true],
    ['ev-1', 'ev-2', false],
  ])('from %s to %s files its line: %s', (from, to, files) => {
    expect(filesLine(from, to)).toBe(files)
  })
})

describe('an agent who says that', () => {
  test('nothing is to be answered ends the waiting and leaves the state', () => {
    const before = { ...conversationOf(1), status: 'snoozed', snoozedUntil: 9_000, awaitingSince: 900 } as const
    expect(patchConversation(before, { answered: true })).toEqual({ answeredCount: 3, awaitingSince: null })
  })
  test('something is to be answered after all brings the last message back, and opens', () => {
    expect(patchConversation({ ...conversationOf(3), status: 'closed' }, { answered: false })).toEqual({
      status: 'open',
      answeredCount: 2,
      awaitingSince: 1_000,
    })
    expect(patchConversation({ ...conversationOf(1), awaitingSince: 900 }, { answered: false }), 'it waits already').toBeNull()
    expect(patchConversation({ ...conversationOf(0), inboundCount: 0 }, { answered: false }), 'nobody wrote').toBeNull()
  })
})

describe('an answer', () => {
  test.each<[string, Partial<ThreadMessage>, boolean]>([
    ['is what an agent sent', {}, true],
    ['still is one where it waits', { status: 'queued', claimedAt: null }, true],
    ['still is one where it was canceled', { status: 'canceled', claimedAt: null }, true],
    ['still is one where it failed on its way', { status: 'failed' }, true],
    ['is not what failed as it came due', { status: 'failed', claimedAt: null }, false],
    ['is not what was moved here', { wasMoved: true }, false],
    ['is not a note', { direction: 'internal' }, false],
    ['is not what the client wrote', { direction: 'inbound', authorType: 'contact' }, false],
    ['is not what an automation sent', { authorType: 'automation' }, false],
  ])('%s', (_, more, expected) => {
    expect(isAnswer(message(1, 'ana', more))).toBe(expected)
  })
})

describe('who answered last', () => {
  test.each<[string, ThreadMessage[], Answer | null, Answer | null]>([
    ['nobody', [], null, null],
    ['one agent, twice', [message(3, 'ana'), message(2, 'ana')], answer(3, 'ana'), null],
    ['two agents', [message(4, 'ana'), message(3, 'luis'), message(2, 'marta')], answer(4, 'ana'), answer(3, 'luis')],
    ['one who is not last either', [message(4, 'ana'), message(3, 'ana'), message(2, 'luis')], answer(4, 'ana'), answer(2, 'luis')],
    ['those that are answers', [message(4, 'luis', { wasMoved: true }), message(3, 'ana')], answer(3, 'ana'), null],
  ])('%s', (_, newestFirst, last, other) => {
    expect(latestAnswers(newestFirst)).toEqual({ last, other })
  })
  test('is read no further than needed', () => {
    const read: number[] = []
    function* thread() {
      for (const [seq, by] of [
        [9, 'ana'],
        [8, 'luis'],
        [7, 'marta'],
      ] as const) {
        read.push(seq)
        yield message(seq, by)
      }
    }
    latestAnswers(thread())
    expect(read).toEqual([9, 8])
  })
  test('answer by answer it is the same as read from the thread', () => {
    const authors = ['ana', 'ana', 'luis', 'ana', 'marta', 'marta', 'luis']
    const thread = authors.map((by, index) => message(index + 1, by))
    for (let count = 0; count <= thread.length; count++) {
      const before = thread.slice(0, count)
      const one = before.reduce((answers, { seq, authorId }) => afterAnswer(answers, answer(seq, authorId ?? '')), latestAnswers([]))
      expect(one).toEqual(latestAnswers(before.toReversed()))
    }
  })
})

describe('an answer that an agent has not seen', () => {
  const answers = { last: answer(7, 'luis'), other: answer(5, 'ana') }
  test.each([
    ['is a colleague’s after the last seq that was seen', 'ana', 6, answers.last],
    ['is none where all was seen', 'ana', 7, null],
    ['is never one’s own', 'luis', 5, null],
    ['is the one before one’s own', 'luis', 4, answers.other],
    ['is the last one for whoever wrote none', 'marta', 0, answers.last],
  ])('%s', (_, agentId, seq, expected) => {
    expect(unseenAnswer(answers, agentId, seq)).toEqual(expected)
  })
  test('is none where nobody answered', () => {
    expect(unseenAnswer({ last: null, other: null }, 'ana', 0)).toBeNull()
  })
})
