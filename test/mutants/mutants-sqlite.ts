// Faults in the SQLite store: order, scope, cursors, what is durable.
import type { FaultyFile } from './fault.ts'

const contract = ['test/store/sqlite.test.ts']
const facts = ['test/store/sqlite.facts.test.ts']

export const sqliteFaults: FaultyFile[] = [
  {
    file: 'server/store/sqlite/connection.ts',
    suites: facts,
    faults: [
      {
        name: 'a power cut loses what was acknowledged (OFF)',
        find: 'synchronous = FULL',
        replace: 'synchronous = OFF',
        cases: 'power cut',
      },
      {
        name: 'a power cut loses what was acknowledged (NORMAL)',
        find: 'synchronous = FULL',
        replace: 'synchronous = NORMAL',
        cases: 'power cut',
      },
      { name: 'there is no log', find: 'journal_mode = WAL', replace: 'journal_mode = DELETE', cases: 'power cut' },
      {
        name: 'rows refer to nothing',
        find: 'enableForeignKeyConstraints: true',
        replace: 'enableForeignKeyConstraints: false',
        cases: 'power cut',
      },
    ],
  },
  {
    file: 'server/store/sqlite/group-commit.ts',
    suites: facts,
    faults: [
      { name: 'each write has a commit of its own', find: 'MAX_JOBS = 400', replace: 'MAX_JOBS = 1', cases: 'commits' },
      {
        name: 'one that fails takes the others with it',
        find: '      return runAll(jobs, true)\n',
        replace: '      return runAll(jobs, false)\n',
        cases: 'commits',
      },
      { name: 'one that fails leaves something of itself', find: "      run('ROLLBACK TO job')\n", replace: '', cases: 'commits' },
      {
        name: 'what was taken back is remembered',
        find: "      memory.forget()\n      run('ROLLBACK TO job')",
        replace: "      run('ROLLBACK TO job')",
        suites: ['test/store/sqlite.statements.test.ts'],
        cases: 'failed write',
      },
      {
        name: 'closing rejects what is under way',
        find: '      ended ??= []\n',
        replace:
          "      ended ??= []\n      for (const job of queue.splice(0)) job.reject(new DomainError('unavailable', 'The store is closed.'))\n",
        suites: contract,
        cases: 'durability',
      },
      {
        name: 'a closed store takes a write',
        find: 'if (ended !== null) return Promise.reject',
        replace: 'if (queue.length < 0) return Promise.reject',
        suites: contract,
        cases: 'durability',
      },
    ],
  },
  {
    file: 'server/store/sqlite/scope.ts',
    suites: contract,
    faults: [
      {
        name: 'unfiled threads are in every scope',
        find: '(coordinationId !== null && scope.includes(coordinationId))',
        replace: '(coordinationId === null || scope.includes(coordinationId))',
        cases: 'scope',
      },
      { name: 'a list does not look at the scope', find: 'scope === null\n    ? ', replace: 'scope !== undefined\n    ? ', cases: 'scope' },
      {
        name: 'a write does not look at the scope',
        find: 'row.org_id === viewer.orgId && inScope(viewer.scope, row.coordination_id)',
        replace: 'row.org_id === viewer.orgId',
        cases: 'scope',
      },
      {
        name: 'another organization’s thread is read',
        find: 'c.id = ? AND c.org_id = ?`, viewer.agentId, id, viewer.orgId',
        replace: 'c.id = ? AND ? <> c.id`, viewer.agentId, id, viewer.orgId',
        cases: 'scope|organization',
      },
    ],
  },
  {
    file: 'server/store/sqlite/enter.ts',
    suites: contract,
    faults: [
      {
        name: 'who opted out meanwhile is not seen as a message enters',
        find: "if (checks.consent !== null && refuses(optOutsOf(row), checks.consent)) return { outcome: 'opted_out' }\n",
        replace: '\n',
        cases: 'opt-outs',
      },
    ],
  },
  {
    file: 'server/store/sqlite/claim.ts',
    suites: contract,
    faults: [
      {
        name: 'of a line not the lowest goes first',
        find: 'ORDER BY m.entered LIMIT 1',
        replace: 'ORDER BY m.entered DESC LIMIT 1',
        cases: 'outbox|settling',
      },
      {
        name: 'an opt-out is not seen by the dispatcher',
        find: 'optedOut: refuses(line, consentOf(message))',
        replace: 'optedOut: false',
        suites: ['test/store/sqlite.facts.test.ts'],
        cases: 'opt-out',
      },
      {
        name: 'fifteen minutes count from the last claim',
        find: 'row.first_claimed_at ?? row.claimed_at ?? 0',
        replace: 'row.claimed_at ?? 0',
        cases: 'settling',
      },
    ],
  },
  {
    file: 'server/store/sqlite/status.ts',
    suites: contract,
    faults: [
      {
        name: 'the SID of another message is taken',
        find: 'if (messageBySid(sql, orgId, answer.twilioSid)) return',
        replace: 'if (lineId === answer.twilioSid) return',
        cases: 'settling',
      },
      {
        name: 'what was held is lost',
        find: '[told, ...heldFor(sql, row.org_id, twilioSid)]',
        replace: '[told]',
        cases: 'statuses|settling',
      },
      {
        name: 'what was held stays',
        find: "  sql.run('DELETE FROM callbacks WHERE org_id = ? AND twilio_sid = ?', row.org_id, twilioSid)\n",
        replace: '',
        suites: ['test/store/sqlite.facts.test.ts'],
        cases: 'callbacks',
      },
      { name: 'a callback before its SID is lost', find: ': hold(sql, told)', replace: ": { outcome: 'held' }", cases: 'statuses' },
    ],
  },
  {
    file: 'server/store/sqlite/change-message.ts',
    suites: ['test/store/sqlite.test.ts'],
    faults: [
      {
        name: 'the line does not go on',
        find: "closesLine(before, message) ? [row.line_id ?? ''] : []",
        replace: '[]',
        cases: 'statuses|settling',
      },
      { name: 'a change of JSON is written as text', find: 'field in jsonColumns', replace: "field === 'delay'", cases: 'settling' },
    ],
  },
  {
    file: 'server/store/sqlite/leases.ts',
    suites: contract,
    faults: [
      { name: 'a new holder has the old fence', find: '(lease?.fence ?? 0) + 1', replace: '(lease?.fence ?? 0)', cases: 'leases' },
      {
        name: 'two hold one sender',
        find: ' && lease.held_until > now) return null',
        replace: ' && lease.held_until < 0) return null',
        cases: 'leases',
      },
      { name: 'a lease never ends', find: ' && lease.held_until > now) return null', replace: ') return null', cases: 'leases' },
      {
        name: 'anybody gives a lease back',
        find: 'WHERE org_id = ? AND name = ? AND holder = ?',
        replace: 'WHERE org_id = ? AND name = ? AND holder <> ?',
        cases: 'leases',
      },
    ],
  },
  {
    file: 'server/store/sqlite/recovery.ts',
    suites: contract,
    faults: [
      { name: 'the position goes back', find: 'position = max(position, ?)', replace: 'position = ?', cases: 'recovery' },
      {
        name: 'what has a price is asked for no more',
        find: "(price IS NULL OR status NOT IN ('read', 'failed', 'canceled'))",
        replace: 'price IS NULL',
        cases: 'recovery',
      },
      {
        name: 'what has no price is asked for no more',
        find: "(price IS NULL OR status NOT IN ('read', 'failed', 'canceled'))",
        replace: "status NOT IN ('read', 'failed', 'canceled')",
        cases: 'recovery',
      },
      {
        name: 'of equal times one is left out',
        find: '(claimed_at, id) > (?, ?)',
        replace: 'claimed_at > ? AND id <> ?',
        cases: 'recovery',
      },
    ],
  },
  {
    file: 'server/store/sqlite/unread.ts',
    suites: contract,
    faults: [
      {
        name: 'a badge outside of the scope is told',
        find: 'scope === null || scope.has(id)',
        replace: "scope === null || id !== ''",
        cases: 'unread|scope',
      },
      {
        name: 'a record shows who waits last',
        find: 'min(c.awaiting_since) AS awaiting\n',
        replace: 'max(c.awaiting_since) AS awaiting\n',
        cases: 'unread',
      },
    ],
  },
  {
    file: 'server/store/sqlite/paging.ts',
    suites: contract,
    faults: [
      { name: 'a page holds one more', find: 'kept.length === limit ||', replace: 'kept.length > limit ||', cases: 'log|conversations' },
      {
        name: 'a cursor of another list is taken',
        find: 'value.length === shape.length && value.every',
        replace: 'value.every',
        cases: 'log|conversations|searching',
      },
      {
        name: 'a filter that finds little looks at everything',
        find: ' || scanned === budget)',
        replace: ')',
        suites: ['test/store/sqlite.paging.test.ts'],
      },
    ],
  },
  {
    file: 'server/store/sqlite/messages.ts',
    suites: contract,
    faults: [
      {
        name: 'a message outside of the scope is read',
        find: 'row && inScope(viewer.scope, row.coordination_id) ? toMessage(row) : null',
        replace: 'row ? toMessage(row) : null',
        cases: 'scope',
      },
      {
        name: 'a thread outside of the scope is read',
        find: '  if (!loadOwn(sql, viewer, conversationId)) return null\n',
        replace: '',
        cases: 'scope',
      },
      {
        name: 'there is always more',
        find: 'hasMore: rows.length > range.limit',
        replace: 'hasMore: true',
        cases: 'log|outbox|inbound|conversations',
      },
      { name: 'the newest page is the oldest', find: "backwards ? 'DESC' : 'ASC'", replace: "'ASC'", cases: 'thread is read' },
      {
        name: 'moved lines stand in a history',
        find: "row.seq !== null && row.type !== 'moved'",
        replace: 'row.seq !== null',
        cases: 'history is',
      },
      {
        name: 'plans stand in a history',
        find: "row.seq !== null && row.type !== 'moved'",
        replace: "row.type !== 'moved'",
        cases: 'history is',
      },
    ],
  },
  {
    file: 'server/store/sqlite/message-log.ts',
    suites: contract,
    faults: [
      {
        name: 'the log shows other scopes',
        find: "    if (scope !== null && !scope.has(row.coordination_id ?? '')) return false\n",
        replace: '',
        cases: 'scope|log',
      },
      {
        name: 'a search finds what a sensitive message said',
        find: 'sensitive: row.sensitive === 1 })',
        replace: 'sensitive: false })',
        cases: 'sensitive',
      },
    ],
  },
  {
    file: 'server/store/sqlite/message-stretches.ts',
    suites: contract,
    faults: [
      {
        name: 'of equal times the log leaves one out',
        find: "also('(created_at, id) < (?, ?)', Number(before[0]), String(before[1]))",
        replace: "also('created_at < ? AND id <> ?', Number(before[0]), String(before[1]))",
        cases: 'log',
      },
    ],
  },
  {
    file: 'server/store/sqlite/sync.ts',
    suites: contract,
    faults: [
      {
        name: 'a cursor of another scope is taken',
        find: ' || (hash !== null && scope !== hash)) return null',
        replace: ') return null',
        cases: 'sync|scope',
      },
      {
        name: 'a cursor of another database is taken',
        find: ' || store !== sql.storeId',
        replace: '',
        suites: ['test/store/sqlite.facts.test.ts'],
        cases: 'another database',
      },
      {
        name: 'the newest change is passed over',
        find: 'FROM departures WHERE org_id = ? AND feed > ?',
        replace: 'FROM departures WHERE org_id = ? AND feed > 1 + ?',
        cases: 'sync',
      },
      {
        name: 'a change of a conversation is passed over',
        find: 'conversations_by_feed WHERE org_id = ? AND feed > ?',
        replace: 'conversations_by_feed WHERE org_id = ? AND feed > 1 + ?',
        cases: 'sync',
      },
      {
        name: 'what was read on another screen is not told',
        find: '  for (const { id } of read) ids.add(id)\n',
        replace: '',
        cases: 'sync',
      },
      {
        name: 'what left the scope is not told',
        find: "scope.has(from_record ?? '') || scope.has(to_record ?? '')",
        replace: "scope.has(to_record ?? '')",
        cases: 'sync',
      },
      {
        name: 'what is erased is not told',
        find: 'erased === 1 && viewer.scope === null',
        replace: 'erased === 2 && viewer.scope === null',
        cases: 'sync|contacts|moving',
      },
      { name: 'more than fits is cut', find: '  if (ids.size > limit) return null\n', replace: '', cases: 'sync' },
    ],
  },
  {
    file: 'server/store/sqlite/receive.ts',
    suites: contract,
    faults: [
      {
        name: 'a repeated webhook is another message',
        find: '  if (seen)\n    return {',
        replace: '  if (seen && seen.listed === 2)\n    return {',
        cases: 'inbound',
      },
      {
        name: 'a stranger’s reaction makes a contact',
        find: '!known && inbound.onlyIfKnown',
        replace: '!known && inbound.listed && inbound.onlyIfKnown',
        cases: 'inbound',
      },
      {
        name: 'a quote of another client is taken',
        find: ' AND c.contact_id = ?`,\n    inbound.orgId',
        replace: ' AND c.contact_id <> ?`,\n    inbound.orgId',
        cases: 'routing|inbound',
      },
      {
        name: 'the window is shown on one of a line’s threads alone',
        find: 'found?.others !== false ? conversationsOnLine(sql, contact.id, line.id) : []',
        replace: '[]',
        cases: 'lines|inbound',
      },
    ],
  },
  {
    file: 'server/store/sqlite/enter.ts',
    suites: contract,
    faults: [
      { name: 'a used key enters again', find: '    if (first) return repeated(sql, first)\n', replace: '', cases: 'outbox' },
      {
        name: 'an answer of another agent is not seen',
        find: "  if (answer) return { outcome: 'answered', by: answer }\n",
        replace: '',
        cases: 'outbox',
      },
      {
        name: 'an answer that was moved away and back holds nobody any more',
        find: ' AND v.undone_at IS NULL) AS wasMoved',
        replace: ') AS wasMoved',
        cases: 'answering',
      },
      {
        name: 'one more than the limit enters',
        find: 'Math.max(0, limit.max - 1)',
        replace: 'Math.max(0, limit.max)',
        cases: 'outbox|limit',
      },
      {
        name: 'a note counts against the limit',
        find: " || by.direction !== 'outbound'",
        replace: '',
        cases: 'outbox|limit',
      },
      {
        name: 'agents and automations share a limit',
        find: " AND (m.author_type = 'agent') = ?",
        replace: ' AND ? IS NOT NULL',
        cases: 'outbox|limit',
      },
      {
        name: 'what an SMS went in the place of counts against the limit',
        find: "m.status IN ('failed', 'canceled')",
        replace: "m.status = 'failed'",
        cases: 'plan B',
      },
    ],
  },
  {
    file: 'server/store/sqlite/enter-due.ts',
    suites: contract,
    faults: [
      {
        name: 'a plan enters twice',
        find: "message.status !== 'scheduled' || ",
        replace: '',
        cases: 'scheduled',
      },
      {
        name: 'what was put off enters at its former time',
        find: ' || (message.due_at ?? 0) > now',
        replace: '',
        cases: 'scheduled',
      },
      {
        name: 'the words of the template are not kept',
        find: '    if (way) saveWords(sql, message)\n',
        replace: '',
        cases: 'plan B',
      },
      {
        name: 'the SMS is told to nobody',
        find: '[...one.messages, ...other.messages]',
        replace: 'one.messages',
        cases: 'plan B',
      },
    ],
  },
  {
    file: 'server/store/sqlite/schedule.ts',
    suites: contract,
    faults: [
      { name: 'what is due later enters now', find: 'due_at <= ?', replace: 'due_at >= ?', cases: 'scheduled' },
      {
        name: 'of what is due the latest enters first',
        find: 'ORDER BY due_at, id',
        replace: 'ORDER BY due_at DESC, id',
        cases: 'scheduled',
      },
    ],
  },
  {
    file: 'server/store/sqlite/enrich.ts',
    suites: contract,
    faults: [
      {
        name: 'a webhook enriches twice',
        find: 'reply_to_id = ?, author_name = ?, listed = 0, rev',
        replace: 'reply_to_id = ?, author_name = ?, listed = 1, rev',
        cases: 'recovery',
      },
      {
        name: 'a quote that only the webhook tells is lost',
        find: '(taken && quoted(sql, inbound, taken.contact.id)?.id) ?? null',
        replace: 'null',
        cases: 'recovery',
      },
    ],
  },
  {
    file: 'server/store/sqlite/conversation-row.ts',
    suites: contract,
    faults: [
      {
        name: 'a time alone tells everybody',
        find: 'AND last_message_id = ? AND (last_status <> ? OR ?)',
        replace: 'AND last_message_id = ? AND (? IS NOT NULL OR ?)',
        cases: 'statuses',
      },
      {
        name: 'a change has no rev',
        find: '  row.rev++\n  row.feed = sql.turn()',
        replace: '  row.feed = sql.turn()',
        cases: 'sync|inbound',
      },
      {
        name: 'the list shows a message that left',
        find: 'ORDER BY seq DESC LIMIT 1",\n    row.id',
        replace: 'ORDER BY seq LIMIT 1",\n    row.id',
        cases: 'moving',
      },
    ],
  },
  {
    file: 'server/cli/backup.ts',
    suites: ['test/cli/backup.test.ts'],
    faults: [{ name: 'others read a backup', find: '    closeToOthers(part)\n', replace: '', cases: 'under load' }],
  },
]
