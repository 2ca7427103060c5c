// Faults on the ways of a message: out to Twilio and in from it, by webhook and from its list.
import type { FaultyFile } from './fault.ts'

const settlement = ['test/outbox/settlement.test.ts']
const recovery = ['test/inbox/recovery.test.ts']
const dispatch = ['test/outbox/dispatch.test.ts']

export const deliveryFaults: FaultyFile[] = [
  {
    file: 'server/outbox/pacer.ts',
    suites: ['test/outbox/pacer.test.ts'],
    faults: [
      { name: 'a second is nine tenths of one', find: 'WINDOW_MS = 1_005', replace: 'WINDOW_MS = 900' },
      { name: 'one more than the rate goes in a second', find: 'used + weight > budget ||', replace: 'used + weight > budget + 1 ||' },
      {
        name: 'a request counts from its begin',
        find: '          underway.set(taken, at)\n',
        replace: '          underway.set(taken, at)\n          count(taken, at)\n',
      },
      {
        name: 'a request that hangs holds its place for ever',
        find: 'if (begun + COUNTED_WITHIN_MS > now) break',
        replace: 'if (begun >= 0) break',
      },
      { name: 'campaigns take all of the rate', find: 'BULK_SHARE = 0.8', replace: 'BULK_SHARE = 1' },
      { name: 'campaigns hold up people', find: 'const bulkIsFull = lane > 0 &&', replace: 'const bulkIsFull =' },
      { name: 'a long text is not paid off', find: 'Math.max(1, cost / budget)', replace: '1' },
      { name: 'below one a second the wait is one second', find: ' / Math.min(1, ratePerSecond)', replace: '' },
      { name: 'what sent nothing counts', find: "          state = 'over'\n          add(taken, -1)", replace: "          state = 'over'" },
      {
        name: 'what was sent is given back',
        find: "giveBack() {\n          if (state !== 'reserved') return",
        replace: "giveBack() {\n          if (state === 'over') return",
      },
      {
        name: 'a restart begins with a whole second’s rate',
        find: 'count(reserve(0, budget), now)',
        replace: 'count(reserve(0, 1), now - 2_000)',
      },
    ],
  },
  {
    file: 'server/outbox/find-in-list.ts',
    suites: ['test/outbox/find-in-list.test.ts'],
    faults: [
      {
        name: 'the list is looked at since five seconds before',
        find: '2 * 60_000',
        replace: '5_000',
      },
      {
        name: 'the list is looked at since ten minutes before',
        find: '2 * 60_000',
        replace: '10 * 60_000',
      },
      {
        name: 'the SID of another message is taken for ours',
        find: '!known.has(one.twilioSid)',
        replace: 'known !== null',
      },
      { name: 'of several the oldest is taken', find: 'away(a) - away(b) || a.createdAt', replace: 'a.createdAt' },
      { name: 'what a client wrote is taken for ours', find: "  if (listed.direction !== 'outbound') return false\n", replace: '' },
      {
        name: 'another sender’s is taken for ours',
        find: 'listed.from !== null && listed.from !== claim.sender &&',
        replace: 'listed.from === claim.address &&',
      },
      { name: 'what a service sent is not found', find: " && !claim.sender.startsWith('MG')", replace: '' },
      { name: 'a trial account’s sentence hides ours', find: ".replace(trialPrefix, '')", replace: '' },
      { name: 'typographic signs hide ours', find: `    .replace(/[\\u2018\\u2019\\u02bc]/g, "'")\n`, replace: '' },
      { name: 'white space hides ours', find: ".replace(/\\s+/g, ' ')", replace: '' },
      {
        name: 'a template that Twilio words differently is not found',
        find: 'if (claim.content === null || text',
        replace: 'if (claim.content !== null || text',
      },
      {
        name: 'a template with other values is ours',
        find: 'values.every((value)',
        replace: 'values.some((value)',
      },
      {
        name: 'a clock that was set back hides ours',
        find: 'Math.min(firstClaimedAt, parts.clock.now())',
        replace: 'firstClaimedAt',
      },
    ],
  },
  {
    file: 'server/outbox/settle-unconfirmed.ts',
    suites: settlement,
    faults: [
      { name: 'fifteen minutes are seventeen', find: 'GIVE_UP_MS = 15 *', replace: 'GIVE_UP_MS = 17 *', cases: '15 minutes' },
      { name: 'fifteen minutes are fourteen', find: 'GIVE_UP_MS = 15 *', replace: 'GIVE_UP_MS = 14 *', cases: '15 minutes' },
      {
        name: 'fifteen minutes begin anew with the second request',
        find: 'now - claim.firstClaimedAt >= GIVE_UP_MS',
        replace: 'now - claim.claimedAt >= GIVE_UP_MS',
        cases: '15 minutes',
      },
      {
        name: 'it is sent again after fifteen seconds',
        find: '[3_000, 15_000, 60_000]',
        replace: '[3_000, 15_000]',
        cases: 'never accepted',
      },
      {
        name: 'a list that could not be read shows nothing',
        find: 'if (found === undefined) return',
        replace: 'if (looks < 0) return',
        cases: 'cannot be read',
      },
      { name: 'an agent’s is sent a third time', find: 'claim.attempt === 1', replace: 'claim.attempt >= 1', cases: 'second time' },
      {
        name: 'an automated one asks nobody for ever',
        find: "  if (message.author.type !== 'agent') return fail(unsettled)\n",
        replace: '',
        cases: 'automated',
      },
      {
        name: 'looks for another attempt count',
        find: 'if (line.look?.of !== of) line.look',
        replace: 'line.look ??= { of, made: 0, leftMs: 0 }\n  if (line.look === null) line.look',
        cases: 'another attempt',
      },
      {
        name: 'what was settled elsewhere is noticed after a minute',
        find: 'RECHECK_MS = 5_000',
        replace: 'RECHECK_MS = 120_000',
        cases: 'another attempt|while the list',
      },
    ],
  },
  {
    file: 'server/outbox/send-claimed.ts',
    suites: dispatch,
    faults: [
      {
        name: 'the window is not checked before sending',
        find: 'message.template === undefined && !windowIsOpen',
        replace: 'message.template === null && !windowIsOpen',
        cases: 'what changed between',
      },
      {
        name: 'what is over is sent',
        find: '  if (message.expiresAt !== null && Date.parse(message.expiresAt) <= now) return expired\n',
        replace: '',
        cases: 'what changed between',
      },
      {
        name: 'who opted out is written to',
        find: '  if (claim.optedOut) return optedOut\n',
        replace: '',
        suites: ['test/outbox/send-claimed.test.ts'],
      },
      {
        name: 'a sender that is gone sends',
        find: '  if (parts.organizationOf(claim.orgId).senders.find(claim.channel, claim.sender) === null)\n    return noSender(`${claim.sender} is not configured.`)\n',
        replace: '',
        cases: 'what changed between',
      },
      {
        name: 'before a second request the list is not looked at',
        find: 'if (claim.attempt > 1) {',
        replace: 'if (claim.attempt > 2) {',
        suites: settlement,
        cases: 'before the second request',
      },
      {
        name: 'a claim that is too old is sent',
        find: '  if (clock.now() - claim.claimedAt > STALE_MS) return putBack(1)\n',
        replace: '',
        suites: settlement,
        cases: 'twenty seconds',
      },
      {
        name: 'a list that cannot be read lets it go',
        find: "if (found === 'unreadable') return putBack(LOOK_AGAIN_MS)",
        replace: "if (found === 'unreadable') return putBack(0)",
        suites: ['test/outbox/send-claimed.test.ts'],
      },
    ],
  },
  {
    file: 'server/outbox/complete-statuses.ts',
    suites: recovery,
    faults: [
      {
        name: 'nothing is asked for after 30 seconds',
        find: '  { ms: 30_000, onlyUnderWay: true },\n',
        replace: '',
        cases: 'statuses of what',
      },
      {
        name: 'nothing is asked for after five minutes',
        find: '  { ms: 5 * MINUTE_MS, onlyUnderWay: false },\n',
        replace: '',
        cases: 'statuses of what',
      },
      {
        name: 'nothing is asked for after an hour',
        find: '  { ms: HOUR_MS, onlyUnderWay: false },\n',
        replace: '',
        cases: 'statuses of what',
      },
      {
        name: 'nothing is asked for after a day',
        find: '  { ms: 24 * HOUR_MS, onlyUnderWay: false },\n',
        replace: '',
        cases: 'statuses of what',
      },
      {
        name: 'a price is never completed',
        find: 'const price = state.priced ? null : listed.price',
        replace: 'const price = null',
        cases: 'status|price',
      },
    ],
  },
  {
    file: 'server/outbox/watch-recent.ts',
    suites: ['test/outbox/watch-recent.test.ts', 'test/inbox/polling.test.ts'],
    faults: [
      {
        name: 'what changes in the list is seen once',
        find: 'seen.get(one.twilioSid) !== shown.get(one.twilioSid)',
        replace: '!seen.has(one.twilioSid)',
      },
      {
        name: 'an answer that is on its way is never seen',
        find: 'else shown.delete(one.twilioSid)',
        replace: 'else shown.has(one.twilioSid)',
      },
    ],
  },
  {
    file: 'server/outbox/heed-closed-window.ts',
    suites: ['test/outbox/refused-window.test.ts'],
    faults: [
      { name: 'what Twilio says of a window is not heard', find: "failure?.reason === 'window'", replace: "failure?.reason === 'sender'" },
      {
        name: 'a window closes behind who wrote since',
        find: 'Date.parse(message.dueAt ?? message.createdAt)',
        replace: 'parts.clock.now()',
      },
      {
        name: 'a refusal at once is not heard',
        find: 'if (saysClosed(claim.message, failure)) await',
        replace: 'if (saysClosed(claim.message, null)) await',
      },
    ],
  },
  {
    file: 'server/outbox/due-loop.ts',
    suites: ['test/outbox/due-loop.test.ts', 'test/outbox/due.test.ts'],
    faults: [
      {
        name: 'what is due is not checked against the window',
        find: 'const freeText = message.template === undefined',
        replace: 'const freeText = message.template === null',
      },
      {
        name: 'what is due goes to who opted out',
        find: "message.direction === 'internal' ? null : consentOf(message)",
        replace: "message.direction === 'internal' ? null : null",
      },
      { name: 'what is due has no hourly limit', find: '...(byAgent ? {} : { contactLimit: null })', replace: '...{ contactLimit: null }' },
      {
        name: 'what may not go stays planned for ever',
        find: '      entered = await enterAs({ failure })\n',
        replace: '',
      },
      {
        name: 'what is due is told to nobody',
        find: "if (entered.outcome === 'created') tell",
        replace: "if (entered.outcome === 'missing') tell",
      },
      {
        name: 'an earlier plan waits for a later one',
        find: 'if (next !== null && next <= dueAt) return',
        replace: 'if (next !== null) return',
      },
    ],
  },
  {
    file: 'server/outbox/senders.ts',
    suites: ['test/outbox/senders.test.ts', 'test/outbox/dispatch.test.ts'],
    faults: [
      {
        name: 'a fault is never forgotten',
        find: 'Math.abs(now - at) >= FAULT_KEPT_MS',
        replace: 'now < 0',
        suites: ['test/outbox/senders.test.ts'],
      },
      {
        name: 'a fault is forgotten at once',
        find: 'Math.abs(now - at) >= FAULT_KEPT_MS',
        replace: 'now > 0',
        suites: ['test/outbox/senders.test.ts'],
      },
    ],
  },
  {
    file: 'server/outbox/send-message.ts',
    suites: ['test/http/sending.test.ts', 'test/http/idempotency.test.ts', 'test/http/messages.test.ts'],
    faults: [
      {
        name: 'a key that says something else gives the first message',
        find: 'if (!isSameSend({ ...first, message, media }, line, await wantedOf(parts, parts.organizationOf(caller.orgId), body)))',
        replace: 'if (line === null)',
      },
      { name: 'keys of two agents are one', find: "client|${agentId.replaceAll('%', '%25').replaceAll('|', '%7C')}|", replace: 'client|' },
      {
        name: 'a quote of another thread is taken',
        find: '  if (quoted?.conversationId !== conversationId)\n',
        replace: '  if (quoted === null)\n',
      },
      {
        name: 'a note needs an open window when it enters',
        find: 'said?.needsWindow ?? false',
        replace: 'said?.needsWindow ?? true',
      },
      {
        name: 'a note needs an open window',
        find: 'if (body.note === undefined) await mayLeave',
        replace: 'if (body.note !== null) await mayLeave',
      },
      {
        name: 'free text needs no window',
        find: 'body.template === undefined && body.sendAt === undefined ? goesAt : null',
        replace: 'null',
      },
    ],
  },
  {
    file: 'server/outbox/due-time.ts',
    suites: ['test/http/messages.test.ts'],
    faults: [{ name: 'a plan of two years is taken', find: '366 * 24', replace: '3660 * 24' }],
  },
  {
    file: 'server/outbox/target.ts',
    suites: [
      'test/outbox/target.test.ts',
      'test/http/sending.test.ts',
      'test/http/messages.test.ts',
      'test/http/scope.test.ts',
      'test/http/idempotency.test.ts',
    ],
    faults: [
      {
        name: 'another record beside a conversation is ignored',
        find: "    mustAgree('coordinationId', wanted.coordinationId, found.coordinationId)\n",
        replace: '',
      },
      {
        name: 'a scoped token writes to anybody',
        find: "  if (!caller.scope.includes(coordinationId)) throw new DomainError('not_found', 'No such record.')\n",
        replace: '',
      },
      {
        name: 'a scoped token writes about nothing',
        find: "  if (coordinationId === undefined)\n    throw new DomainError('forbidden'",
        replace: "  if (coordinationId === '')\n    throw new DomainError('forbidden'",
      },
      {
        name: 'an opt-out on another record’s thread is not seen',
        find: 'same.some((one) => one.optedOut)',
        replace: 'same[0]?.optedOut === true',
      },
    ],
  },
  {
    file: 'server/rules/template.ts',
    suites: ['test/rules/template.test.ts', 'test/outbox/templates.test.ts'],
    faults: [
      { name: 'values are numbered from another one on', find: 'String(index + 1)', replace: 'String(index)' },
      { name: 'a line break in a value is sent', find: "value.replace(/\\s+/g, ' ').trim()", replace: 'value' },
      {
        name: 'a paused template goes as a message',
        find: 'if (!undecided.includes(template.status))',
        replace: "if (template.type === 'other')",
      },
      { name: 'four buttons need no approval', find: 'FREE_BUTTONS = 3', replace: 'FREE_BUTTONS = 4' },
      { name: 'what Twilio lists replaces ours', find: 'return isSame ? withState(before, told) : null', replace: 'return listed' },
    ],
  },
  {
    file: 'server/templates/use-template.ts',
    suites: ['test/outbox/templates.test.ts', 'test/http/templates.test.ts'],
    faults: [
      { name: 'a template without its values is sent', find: 'if (faults.length > 0)', replace: 'if (faults.length > 9)' },
      { name: 'a template that WhatsApp stopped is taken', find: 'if (why !== null) throw', replace: "if (why === 'no_text') throw" },
    ],
  },
  {
    file: 'server/outbox/send-claimed.ts',
    suites: ['test/http/templates.test.ts'],
    faults: [
      { name: 'approval is looked at when a send enters, not when it goes', find: '?? approval?.refusal ?? null', replace: '' },
      {
        name: 'the category is that of the time of entering',
        find: 'await change(keepCategory(claim, approval.category))',
        replace: 'await change(keepCategory(claim, message.template?.category ?? null))',
      },
    ],
  },
  {
    file: 'server/outbox/dispatcher.ts',
    suites: dispatch,
    faults: [
      {
        name: 'what a killed process sent lately is forgotten',
        find: 'if (died.messages.length > 0 || (await store.incompleteSends(orgId, lately)).length > 0)',
        replace: 'if (died.messages.length < 0)',
        suites: ['test/outbox/rate.test.ts'],
      },
      {
        name: 'a claim of a dead process goes on',
        find: 'const died = await store.expireClaims(orgId, sender, { now, fence })',
        replace: "const died = { orgId, conversations: [], messages: [], left: [], news: 'other' as const, released: [] }",
        suites: ['test/outbox/dispatcher.test.ts'],
      },
      {
        name: 'lines of other processes are never seen',
        find: 'SWEEP_MS = 5_000',
        replace: 'SWEEP_MS = 5_000_000',
        suites: ['test/outbox/dispatcher.test.ts'],
      },
      {
        name: 'an answer is lost while the store is away',
        find: "if (state === 'closing' || !(error instanceof DomainError && error.code === 'unavailable')) throw error",
        replace: 'throw error',
        suites: ['test/outbox/dispatch.test.ts', 'test/server/store-faults.test.ts'],
      },
    ],
  },
  {
    file: 'server/inbox/receive-message.ts',
    suites: ['test/team/notify-agents.test.ts', 'test/inbox/webhooks.test.ts'],
    faults: [
      {
        name: 'a repeated webhook notifies again',
        find: "if (received.outcome === 'created') parts.notify",
        replace: "if (received.outcome === 'created' || received.outcome === 'repeated') parts.notify",
        suites: ['test/team/notify-agents.test.ts'],
        cases: 'webhook',
      },
      {
        name: 'a webhook after the list notifies again',
        find: "if (received.outcome === 'created') parts.notify",
        replace: "if (received.outcome === 'created' || received.outcome === 'enriched') parts.notify",
        suites: ['test/team/notify-agents.test.ts'],
        cases: 'webhook',
      },
      {
        name: 'nobody is told of what is new',
        find: "if (received.outcome === 'created' || received.outcome === 'enriched') tell",
        replace: "if (received.outcome === 'enriched') tell",
        suites: ['test/realtime/changes.test.ts', 'test/inbox/recovery.test.ts'],
        cases: 'live|changes',
      },
      {
        name: 'nobody is told of what was enriched',
        find: "received.outcome === 'created' || received.outcome === 'enriched') tell",
        replace: "received.outcome === 'created') tell",
        suites: recovery,
        cases: 'webhook that comes after',
      },
      { name: 'an invisible name is a name', find: 'return isBlank(name) ? null : name', replace: 'return name' },
      {
        name: 'a hidden number is not known by its id',
        find: '...(userId !== null && userId !== address ? [userId] : []), ',
        replace: '',
      },
      {
        name: 'who changed the number is somebody new',
        find: ', ...previous.flatMap(identityKeys)]',
        replace: ']',
        suites: ['test/inbox/webhooks.test.ts'],
        cases: 'an identity that changes',
      },
      {
        name: 'the id beside a number is not kept',
        find: 'userId === address ? null : userId',
        replace: 'null',
        suites: ['test/inbox/webhooks.test.ts'],
        cases: 'P15',
      },
      {
        name: 'the same client in another form is another',
        find: 'const byAddress = identityKeys(phone ?? address)',
        replace: 'const byAddress: [string, ...string[]] = [phone ?? address]',
      },
    ],
  },
  {
    file: 'server/inbox/recover-messages.ts',
    suites: recovery,
    faults: [
      {
        name: 'what cannot be stored is passed over',
        find: 'if (clock.now() - one.createdAt < GIVE_UP_MS) newest',
        replace: 'if (clock.now() < 0) newest',
        cases: 'stored',
      },
      {
        name: 'what cannot be stored holds all back for ever',
        find: 'if (clock.now() - one.createdAt < GIVE_UP_MS) newest',
        replace: 'if (clock.now() > 0) newest',
        cases: 'stored',
      },
      {
        name: 'a store that goes away is passed over',
        find: "      if (error instanceof DomainError && error.code === 'unavailable') throw error\n",
        replace: '',
        cases: 'midst of a look',
      },
      {
        name: 'equal seconds come in the list’s order',
        find: '[...listed].reverse().sort(',
        replace: '[...listed].sort(',
        cases: 'more than a page',
      },
      { name: 'the newest come first', find: 'oldestFirst(missing)) {', replace: 'missing) {', cases: 'order' },
      { name: 'what is late is not marked', find: 'createdAt > LATE_MS', replace: 'createdAt > 600_000_000', cases: 'recovered' },
      { name: 'what is in time is marked late', find: 'LATE_MS = 60_000', replace: 'LATE_MS = 1', suites: ['test/inbox/polling.test.ts'] },
      {
        name: 'what was written before the first start is taken',
        find: 'startedAt - 999',
        replace: 'startedAt - 9_999_999',
        cases: 'before the first start',
      },
      {
        name: 'what is younger than twenty seconds is taken',
        find: 'one.createdAt <= settled',
        replace: 'one.createdAt <= settled + 60_000',
        cases: 'younger',
      },
      { name: 'one page is all', find: 'page = next\n', replace: 'page = null\n', cases: 'more than a page' },
      {
        name: 'media are text',
        find: 'media.length > 0 ? (isContacts',
        replace: "media.length > 0 && text !== '' ? (isContacts",
        cases: 'M1:',
      },
      { name: 'cards are media', find: "isContacts ? 'contacts' : 'media'", replace: "'media'", cases: 'M17' },
      { name: 'what shows nothing is an empty bubble', find: "empty ? 'unsupported' : 'text'", replace: "'text'", cases: 'M28' },
      {
        name: 'a stranger’s first word is lost where it shows nothing',
        find: 'onlyIfKnown: false',
        replace: 'onlyIfKnown: empty',
        cases: 'M28',
      },
    ],
  },
  {
    file: 'server/inbox/recovery-loop.ts',
    suites: recovery,
    faults: [
      {
        name: 'a machine that slept waits for the ordinary look',
        find: 'if (slept || missing)',
        replace: 'if (missing)',
        cases: 'a machine that',
      },
      { name: 'it looks at each tick', find: 'if (slept || missing)', replace: 'if (missing || slept || true)', cases: 'a machine that' },
      {
        name: 'a store that was away is not looked after',
        find: '      missing = true\n      return\n',
        replace: '      return\n',
        cases: 'store that was away',
      },
      {
        name: 'a refused webhook is not looked after',
        find: '    missed() {\n      missing = true',
        replace: '    missed() {\n      missing = false',
        cases: 'store that was away',
      },
      {
        name: 'entries that come late are lost',
        find: 'const overlapMs = deep ? OVERLAP_MS : POLL_OVERLAP_MS',
        replace: 'const overlapMs = 0',
        cases: 'comes late',
      },
      {
        name: 'two processes look at once',
        find: '(await lease.hold()) === null',
        replace: 'closed',
        suites: ['test/inbox/recovery-loop.test.ts'],
      },
      { name: 'it looks every half hour', find: 'EVERY_MS = 3 * 60_000', replace: 'EVERY_MS = 30 * 60_000' },
    ],
  },
  {
    file: 'server/inbox/route.ts',
    suites: ['test/inbox/route.test.ts'],
    faults: [
      { name: 'a quote says nothing', find: '  if (facts.quoted) {\n', replace: '  if (facts.quoted?.coordinationId === "") {\n' },
      { name: 'what is over takes new messages silently', find: '    return open ? {', replace: '    return coordinationId ? {' },
      { name: 'a closed record gets what comes', find: ' && last.open) return', replace: ') return' },
      {
        name: 'of several open records the first is taken',
        find: 'only !== undefined && others.length === 0',
        replace: 'only !== undefined',
      },
      {
        name: 'a hint names a closed record beside open ones',
        find: 'facts.openCoordinations.length === 0 ? facts.closedCoordination : null',
        replace: 'facts.closedCoordination',
      },
      {
        name: 'a client without an open record gets no hint',
        find: 'facts.openCoordinations.length === 0 ?',
        replace: 'facts.openCoordinations.length > 0 ?',
      },
    ],
  },
]
