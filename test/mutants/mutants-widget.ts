// Faults in the widget: its state, and its line to the server.
import type { FaultyFile } from './fault.ts'

const client = ['test/widget/client.test.ts', 'test/widget/state.test.ts']
const connection = ['test/widget/connection.test.ts']

export const widgetFaults: FaultyFile[] = [
  {
    file: 'widget/state/create-client.ts',
    suites: client,
    faults: [
      { name: 'older numbers overwrite newer ones', find: 'next.version >= unread.peek().version', replace: 'next.version > -9' },
      {
        name: 'what comes during a sync is applied before it',
        find: 'if (syncing) held.push(event)\n    else apply(event)',
        replace: 'apply(event)',
      },
      {
        name: 'what comes during a sync is lost',
        find: 'if (syncing) held.push(event)\n    else apply(event)',
        replace: 'if (!syncing) apply(event)',
      },
      { name: 'a sync that is asked for during one is not made', find: '      syncAgain = true\n', replace: '' },
      { name: 'each sync begins anew', find: '    cursor = answer.cursor\n', replace: '' },
      { name: 'a sync never begins anew', find: 'if (afresh) records.reset', replace: 'if (!answer.ok) records.reset' },
      { name: 'what is gone stays', find: '      for (const id of answer.removed) lose(id)\n', replace: '' },
      { name: 'a thread that is gone stays open', find: '    threads.get(id)?.lose()\n', replace: '' },
      { name: 'the sync’s numbers are ignored', find: '      takeUnread(answer.unread)\n', replace: '' },
      { name: 'a thread that could not catch up is left so', find: '    else if (link.usable()) syncSoon()\n', replace: '' },
      {
        name: 'what was read during a gap is not told',
        find: 'if (await thread.catchUp(afresh)) thread.flushRead()',
        replace: 'if (await thread.catchUp(afresh)) void 0',
      },
      { name: 'badges are not asked for again after a gap', find: '      badges.renew()\n', replace: '' },
      { name: 'counts are not asked for again after a gap', find: '      counted.renew()\n', replace: '' },
      { name: 'what is unsent is not sent when the line is back', find: '      queue.flush()\n', replace: '' },
      { name: 'what an earlier page left is not taken up', find: '    queue.restore()\n', replace: '' },
      {
        name: 'an inbox that failed stays so',
        find: "      if (inbox.started() && inbox.state.peek() === 'error') void inbox.reload()\n",
        replace: '',
      },
      { name: 'a message is told to the host twice', find: ' || told.has(message.id)) return false', replace: ') return false' },
      { name: 'an own message is told as new', find: "message.direction !== 'inbound' || told", replace: 'told' },
      { name: 'a cursor of another tab is ignored', find: "  wire.on('cursor', (event) => records.read(event))\n", replace: '' },
      { name: 'settings that were refused stay', find: '      } else if (before) takeSettings(before)\n', replace: '      }\n' },
      { name: 'the server’s clock is not known', find: 'page.now() - Date.parse(event.serverTime)', replace: '0' },
      {
        name: 'what was sent is not in the thread until told',
        find: '      threads.get(message.conversationId)?.apply(message)\n',
        replace: '',
      },
      { name: 'after a gap nobody knows what is shown', find: '    if (shown !== null) view(false)\n', replace: '' },
      { name: 'a thread in a hidden page is shown', find: 'page.visible() && threads.get', replace: 'threads.get' },
      { name: 'a thread out of sight is shown', find: '?.isInSight() === true', replace: '?.isInSight() !== undefined' },
      {
        name: 'what a change answered is not applied',
        find: '{ conversationId, ...patch })\n      if (answer.ok) records.apply(answer.conversation)',
        replace: '{ conversationId, ...patch })',
      },
    ],
  },
  {
    file: 'widget/state/thread.ts',
    suites: client,
    faults: [
      {
        name: 'an older state of a message overwrites a newer',
        find: 'before && before.rev >= message.rev',
        replace: 'before && before.rev === message.rev',
      },
      { name: 'of two on one place the older stands', find: '!other || incoming.includes(message)', replace: '!other' },
      { name: 'what arrived stays unsent', find: '      if (message.clientMessageId !== null) queue.arrived(message)\n', replace: '' },
      { name: 'a canceled plan stays', find: "if (message.status === 'scheduled') planned.push", replace: 'planned.push' },
      { name: 'a gap is not filled', find: 'message.seq > last + 1) void catchUp(false)', replace: 'message.seq > last + 1) void 0' },
      { name: 'a gap of one is not filled', find: 'message.seq > last + 1) void', replace: 'message.seq > last + 2) void' },
      { name: 'what changed during a gap is not asked for', find: '[{}, { changedSince: since }]', replace: '[{}]' },
      { name: 'what is newer is not asked for', find: '[{}, { changedSince: since }]', replace: '[{ changedSince: since }]' },
      { name: 'one page fills every gap', find: '        after = last\n', replace: '        break\n' },
      {
        name: 'a page that is not loaded comes in holes',
        find: 'message.seq === null || message.seq >= oldest)',
        replace: 'message !== null)',
      },
      { name: 'reading is told from a hidden page', find: 'closed || !page.visible() || seq', replace: 'closed || seq' },
      {
        name: 'what is known to be read is told again',
        find: 'Math.max(toldSeq, records.get(conversationId)?.readSeq ?? 0)',
        replace: 'toldSeq',
      },
      {
        name: 'what was read stays unread here',
        find: '    records.read({ conversationId, readCount: answer.readCount, readSeq: answer.readSeq })\n',
        replace: '',
      },
      { name: 'what was there before a long gap stays', find: '      if (afresh) messages.value = []\n', replace: '' },
      { name: 'a thread that is gone comes back', find: "      if (state.peek() === 'gone') return\n", replace: '' },
      { name: 'one that closes it closes it for all', find: 'closed || --holders > 0', replace: 'closed || --holders > 9' },
      {
        name: 'what was read last is not told at the end',
        find: '        clearTimeout(reading)\n        void tellRead()',
        replace: '        clearTimeout(reading)',
      },
      { name: 'each key tells that somebody replies', find: '      if (now - replyingTold < RENEW_REPLYING_MS) return\n', replace: '' },
      { name: 'an empty draft is kept', find: "text === '' ? null : text", replace: 'text' },
      {
        name: 'where new ones begin is not known',
        find: 'if (openedAtSeq === 0) openedAtSeq = records',
        replace: 'if (openedAtSeq < 0) openedAtSeq = records',
      },
      { name: 'plans are not there', find: '    since = cursor\n    void loadPlanned()', replace: '    since = cursor' },
      {
        name: 'there is always more',
        find: "      hasOlder.value = answer.hasMore\n      state.value = 'ready'",
        replace: "      hasOlder.value = true\n      state.value = 'ready'",
      },
      { name: 'what is unsent stands there twice', find: ' && !there.has(item.clientMessageId)', replace: '' },
      { name: 'two ask for older ones at once', find: 'loadingOlder ??= fetchOlder()', replace: 'loadingOlder = fetchOlder()' },
    ],
  },
  {
    file: 'widget/state/records.ts',
    suites: ['test/widget/records.test.ts'],
    faults: [
      {
        name: 'an older rev overwrites a newer',
        find: 'before && before.rev > conversation.rev ? before : conversation',
        replace: 'conversation',
      },
      { name: 'what was read becomes unread', find: 'Math.max(before?.readCount ?? 0, readCount)', replace: 'readCount' },
      { name: 'what others answered is unread', find: 'Math.max(conversation.answeredCount, own.readCount)', replace: 'own.readCount' },
    ],
  },
  {
    file: 'widget/state/unsent-queue.ts',
    suites: ['test/widget/unsent-queue.test.ts', ...client],
    faults: [
      { name: 'what waited an hour goes without a word', find: 'LATE_MS = 10 * 60_000', replace: 'LATE_MS = 1000 * 60_000' },
      {
        name: 'a reload sends nothing that was under way',
        find: "kept.state === 'sending' ? 'waiting' : kept.state",
        replace: 'kept.state',
      },
      { name: 'a server that is away refuses a message', find: "new Set(['unavailable', ", replace: 'new Set([' },
      { name: 'a message is not kept until it is sent', find: '      stored.write(PREFIX + clientMessageId, toJson(item))\n', replace: '' },
      { name: 'what was sent is kept', find: '    stored.write(PREFIX + id, null)\n', replace: '' },
      { name: 'two go at once', find: '    if (sending) return\n', replace: '' },
      { name: 'another try has the guard of the first', find: '{ ifNoAnswerSince: _guard, ...options }', replace: '{ ...options }' },
    ],
  },
  {
    file: 'widget/state/stored.ts',
    suites: client,
    faults: [
      { name: 'another agent’s drafts stay in the browser', find: '      forget(begin)\n', replace: '' },
      { name: 'signing out keeps what was written', find: '      forget(null)\n', replace: '' },
      { name: 'a full browser loses what is written', find: '    else memory.set(key, text)\n', replace: '' },
    ],
  },
  {
    file: 'widget/state/badges.ts',
    suites: client,
    faults: [
      { name: 'each row is asked for apart', find: 'BATCH_MS = 50', replace: 'BATCH_MS = 0' },
      { name: 'who waits is not shown', find: 'const awaitingSince = waiting[id] ?? null', replace: 'const awaitingSince = null' },
    ],
  },
  {
    file: 'widget/state/inbox-list.ts',
    suites: ['test/widget/inbox-list.test.ts', ...client],
    faults: [
      { name: 'an answer to an earlier filter is shown', find: '    if (mine !== turn) return\n', replace: '' },
      { name: 'what no longer fits stays', find: 'if (now && fits !== false) put', replace: 'if (now) put' },
      {
        name: 'one below the last page stands there',
        find: '    if (low === list.length && list.length > 0 && hasMore.peek() && sank) return\n',
        replace: '',
      },
    ],
  },
  {
    file: 'widget/connection/token.ts',
    suites: connection,
    faults: [
      {
        name: 'a login page is a token',
        find: "typeof found === 'string' && JWT.test(found) ? found : null",
        replace: "typeof found === 'string' ? found : null",
      },
      { name: 'a token in quotes is none', find: '.token : json', replace: '.token : text' },
      { name: '403 passes by itself', find: 'status === 401 || status === 403', replace: 'status === 401' },
      { name: 'a host is asked twice at once', find: 'asking ??= fetchToken()', replace: 'asking = fetchToken()' },
    ],
  },
  {
    file: 'widget/connection/link.ts',
    suites: connection,
    faults: [
      {
        name: 'a refusal is tried again for ever',
        find: "new Set(['token_missing', 'token_invalid', 'token_expired',",
        replace: "new Set(['token_missing',",
      },
      { name: 'a handshake that is too large is tried for ever', find: ", 'payload_too_large'])", replace: '])' },
      { name: 'all agents come back in one instant', find: ' * (0.5 + Math.random()))\n    if (failures', replace: ')\n    if (failures' },
      { name: 'where no socket passes nothing does', find: 'FAILURES_TILL_SLOW = 3', replace: 'FAILURES_TILL_SLOW = 3000' },
      {
        name: 'a line that breaks at once counts as good',
        find: 'if (upAt > 0 && page.now() - upAt > STABLE_MS) failures = 0',
        replace: 'failures = 0',
      },
      { name: 'the same token again goes round for ever', find: '<= before) {', replace: '< 0) {' },
      { name: 'a token is not renewed', find: "  wire.on('auth:expiring', () => void renew())\n", replace: '' },
      { name: 'a socket that slept is believed', find: '    if (slept && wire.leads.value) reopen()\n', replace: '' },
      { name: 'a line without answers is believed', find: '    reopen()\n    return unreachable()', replace: '    return unreachable()' },
      { name: 'after a gap nothing is caught up', find: "    move('online')\n    void up()", replace: "    move('online')" },
      { name: 'a send is repeated after a limit', find: " || event === 'message:send') return answer", replace: ') return answer' },
    ],
  },
  {
    file: 'widget/connection/wire.ts',
    suites: ['test/widget/wire.test.ts', ...connection],
    faults: [
      { name: 'a ping gets no answer', find: '        socket?.send(PONG)\n', replace: '' },
      {
        name: 'a silent line is believed',
        find: 'setTimeout(() => down(), silenceMs)',
        replace: 'setTimeout(() => down(), silenceMs * 1000)',
      },
      {
        name: 'a handler’s defect ends the line',
        find: '        onError(error)\n      }\n  }',
        replace: '        onError(error)\n        throw error\n      }\n  }',
      },
      { name: 'a broken line leaves callers waiting', find: '    for (const settle of [...acks.values()]) settle(null)\n', replace: '' },
      { name: 'an answer is another call’s', find: 'const id = nextAck++', replace: 'const id = nextAck' },
      {
        name: 'a call waits for ever',
        find: 'setTimeout(() => settle(null), timeoutMs)',
        replace: 'setTimeout(() => settle(null), timeoutMs * 1000)',
      },
    ],
  },
  {
    file: 'widget/connection/to-json.ts',
    suites: ['test/widget/wire.test.ts', ...client],
    faults: [{ name: 'a page’s toJSON changes what is sent', find: 'delete one.toJSON', replace: 'void one.toJSON' }],
  },
]
