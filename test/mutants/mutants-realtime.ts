// Faults in what agents hear live: scopes, numbers, tokens.
import type { FaultyFile } from './fault.ts'

export const realtimeFaults: FaultyFile[] = [
  {
    file: 'server/realtime/packets.ts',
    suites: ['test/realtime/packets.test.ts', 'test/realtime/scope.test.ts', 'test/realtime/changes.test.ts'],
    faults: [
      { name: 'a conversation is told outside its scope', find: 'if (!holds(scope, state.coordinationId) || (', replace: 'if ((' },
      { name: 'a message is told outside its scope', find: '        if (!holds(scope, message.coordinationId)) return\n', replace: '' },
      {
        name: 'a moved line names the other record, live',
        find: 'event.messages.push(showMessage(parts, message, scope !== null))',
        replace: 'event.messages.push(message)',
      },
      {
        name: 'a moved line names the other record to those who show it',
        find: '.map((message) => showMessage(parts, message, scope !== null))',
        replace: '',
      },
      {
        name: 'scopes share a packet that hides and one that does not',
        find: 'key += namesRecord(message) && scope !== null ? `h${index}` : `m${index}`',
        replace: 'key += `m${index}`',
      },
      { name: 'what left the scope stays in the list', find: '        event.removed.push(conversationId)\n', replace: '' },
      { name: 'what is still in the scope is removed', find: 'if (stillHeld(scope, conversationId) || !', replace: 'if (!' },
      {
        name: 'strangers hear that something left',
        find: ' || ![...records].some((record) => holds(scope, record))) continue',
        replace: ') continue',
      },
      {
        name: 'what is erased is told once more',
        find: ' || (now.has(state.id) && now.get(state.id) === undefined)) return',
        replace: ') return',
      },
      {
        name: 'a viewer hears another scope’s conversation',
        find: 'more.conversation && holds(scope, more.conversation.coordinationId) ? more.conversation : null',
        replace: 'more.conversation',
      },
      {
        name: 'a viewer hears another scope’s message',
        find: '        .filter((message) => holds(scope, message.coordinationId))\n',
        replace: '',
      },
      { name: 'the badge of the record it came from stays', find: '    if (from !== null) touched.add(from)\n', replace: '' },
      { name: 'the badge of the record it went to stays', find: '    if (to) touched.add(to)\n', replace: '' },
      {
        name: 'what only viewers hear is told to all',
        find: '    } else open(item.id).conversation = item\n',
        replace: '    } else loudConversations.push(item)\n',
      },
    ],
  },
  {
    file: 'server/realtime/rooms.ts',
    suites: ['test/realtime/scope.test.ts', 'test/realtime/token-life.test.ts'],
    faults: [
      { name: 'scopes of one size share a room', find: 'JSON.stringify([...new Set(scope)].sort())', replace: 'String(scope.length)' },
    ],
  },
  {
    file: 'server/realtime/publish.ts',
    suites: ['test/realtime/changes.test.ts'],
    faults: [
      {
        name: 'an older state overwrites a newer in one turn',
        find: 'if (item.rev >= before.item.rev) before.item = item',
        replace: 'before.item = item',
        suites: ['test/realtime/changes.test.ts', 'test/realtime/packets.test.ts'],
      },
      { name: 'what all should hear only viewers do', find: 'before.toAll ||= toAll', replace: 'before.toAll = toAll' },
      {
        name: 'no message is told live',
        find: "keep(turn.messages, message, audience.message(message) === 'all')",
        replace: 'keep(turn.messages, message, false)',
      },
      {
        name: 'what left is not told',
        find: '      turn.left.push(...changes.left)\n',
        replace: '',
        suites: ['test/realtime/scope.test.ts'],
      },
    ],
  },
  {
    file: 'server/realtime/broadcast.ts',
    suites: ['test/realtime/changes.test.ts', 'test/realtime/counts.test.ts'],
    faults: [
      { name: 'a viewer hears everything twice', find: '      except.push(viewers)\n', replace: '' },
      { name: 'numbers stay as they were', find: 'event.removed.length > 0) recount', replace: 'event.removed.length < 0) recount' },
    ],
  },
  {
    file: 'server/realtime/counts.ts',
    suites: ['test/realtime/counts.test.ts'],
    faults: [
      { name: 'numbers that did not move are told again', find: '!event || isTold(agent, event)', replace: '!event' },
      { name: 'who waits for an answer moves no number', find: ' && told.awaitingReply === awaitingReply', replace: '' },
      { name: 'numbers are told ten times a second', find: 'EVERY_MS = 1000', replace: 'EVERY_MS = 100' },
      {
        name: 'the last number of a burst is not told',
        find: 'if (!counting) wakeAt(agent.countAgainAt)',
        replace: 'if (agent.told === null) wakeAt(agent.countAgainAt)',
      },
      {
        name: 'who has to wait for a turn is never told',
        find: '    if (next < Number.POSITIVE_INFINITY) wakeAt(next)',
        replace: '    if (next < 0) wakeAt(next)',
      },
      {
        name: 'badges that did not change are told',
        find: '      if (before && isSame(before, now)) continue\n',
        replace: '',
      },
      { name: 'badges of which something changed are not told', find: 'isTouched(touched, id, shown)', replace: 'false' },
      {
        name: 'a screen that is not the one that read stays',
        find: 'for (const socket of agent.sockets) socket.emit',
        replace: 'for (const socket of [...agent.sockets].slice(0, 1)) socket.emit',
      },
    ],
  },
  {
    file: 'server/realtime/expiry.ts',
    suites: ['test/realtime/token-life.test.ts'],
    faults: [
      { name: 'a socket outlives its token', find: '        socket.disconnect(true)\n', replace: '' },
      { name: 'nobody is warned', find: 'WARN_MS = 60_000', replace: 'WARN_MS = 0' },
      { name: 'a warning repeats', find: '        data.warned = true\n', replace: '' },
      { name: 'a new token is never warned of', find: '      socket.data.warned = false\n', replace: '' },
    ],
  },
  {
    file: 'server/realtime/refresh-token.ts',
    suites: ['test/realtime/token-life.test.ts'],
    faults: [
      { name: 'another agent’s token is taken', find: ' || caller.agentId !== before.agentId)', replace: ')' },
      { name: 'the old scope goes on', find: '  live.rooms.join(socket, caller)\n', replace: '  live.rooms.join(socket, before)\n' },
      {
        name: 'the old caller goes on',
        find: '  socket.data.caller = caller\n',
        replace: '  socket.data.caller = { ...before, expiresAt: caller.expiresAt }\n',
      },
      { name: 'the end of the old token goes on', find: '  live.expiry.watch(socket)\n', replace: '' },
      { name: 'what was lost is not told', find: 'if (removed.length > 0 && socket', replace: 'if (removed.length < 0 && socket' },
    ],
  },
  {
    file: 'server/realtime/admit.ts',
    suites: ['test/realtime/handshake.test.ts'],
    faults: [
      {
        name: 'any page opens a socket',
        find: 'if (!live.originIsAllowed(handshake.headers.origin))',
        replace: "if (handshake.headers.origin === '')",
      },
      { name: 'wrong tokens of sockets are not counted', find: "error.code === 'token_invalid' || ", replace: '' },
      { name: 'who says so is another address', find: 'Math.min(trustProxy, hops.length - 1)', replace: 'hops.length - 1' },
    ],
  },
  {
    file: 'server/realtime/tell-replying.ts',
    suites: ['test/realtime/presence.test.ts'],
    faults: [
      {
        name: 'a newcomer hears of replies outside its scope',
        find: 'room?.orgId === place.orgId && holds(room.scope, place.coordinationId)',
        replace: 'room?.orgId === place.orgId',
      },
      { name: 'replies are told outside their scope', find: 'all.filter((room) => holds(room.scope, coordinationId))', replace: 'all' },
      {
        name: 'who stopped replying goes on',
        find: '        send(before.place, { conversationId, agents: [] })\n',
        replace: '        known.delete(conversationId)\n',
      },
    ],
  },
  {
    file: 'server/realtime/slow-sockets.ts',
    suites: ['test/realtime/slow.test.ts'],
    faults: [
      {
        name: 'a socket that does not read is kept',
        find: 'if (conn.transport.socket) conn.transport.socket.terminate()',
        replace: 'if (conn.transport.socket) conn.transport.socket.bufferedAmount',
      },
      { name: 'a burst drops a socket that reads', find: 'PATIENCE_MS = 1000', replace: 'PATIENCE_MS = -1' },
    ],
  },
]
