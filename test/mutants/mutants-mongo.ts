// Faults in the MongoDB store, most of them siblings of SQLite's.
import type { FaultyFile } from './fault.ts'

const contract = ['test/store/mongo.test.ts']
const facts = ['test/store/mongo.facts.test.ts']

export const mongoFaults: FaultyFile[] = [
  {
    file: 'server/store/mongo/connection.ts',
    suites: facts,
    faults: [
      { name: 'one server’s word is enough', find: "w: 'majority'", replace: 'w: 1', cases: 'majority|w=1' },
      { name: 'nothing is in the journal', find: '    journal: true,\n', replace: '', cases: 'majority|w=1' },
      {
        name: 'another than the primary is read',
        find: "readPreference: 'primary'",
        replace: "readPreference: 'secondaryPreferred'",
        cases: 'primary',
      },
    ],
  },
  {
    file: 'server/store/mongo/open.ts',
    suites: contract,
    faults: [
      { name: 'closing ends what is under way', find: '        await Promise.allSettled(underWay)\n', replace: '', cases: 'durability' },
      {
        name: 'a closed store takes a write',
        find: 'if (closing) throw new',
        replace: 'if (underWay.size < 0) throw new',
        cases: 'durability',
      },
    ],
  },
  {
    file: 'server/store/mongo/claim.ts',
    suites: contract,
    faults: [
      {
        name: 'of a line not the lowest goes first',
        find: '.sort({ enteredAt: 1, entry: 1 }).limit(1)',
        replace: '.sort({ enteredAt: -1, entry: -1 }).limit(1)',
        cases: 'outbox|settling',
      },
      {
        name: 'a message leaves before one that is not flushed',
        find: '    await flushLine(db, orgId, lineId)\n',
        replace: '',
        cases: 'outbox|lines|settling',
      },
    ],
  },
  {
    file: 'server/store/mongo/answers.ts',
    suites: contract,
    faults: [
      {
        name: 'an answer that was moved away and back holds nobody any more',
        find: "state: { $in: ['moving', 'moved'] } }",
        replace: "state: { $ne: 'none' as 'moved' } }",
        cases: 'answering',
      },
      { name: 'one’s own answer holds a send', find: "{ 'lastAnswer.by': agentId }, ", replace: '', cases: 'answering|outbox' },
    ],
  },
  {
    file: 'server/store/mongo/complete-move.ts',
    suites: facts,
    faults: [
      {
        name: 'a move forgets the answer that another process is joining to its thread',
        find: '    if (await completeJoins(db, doc)) return undefined\n    const [stored]',
        replace: '    const [stored]',
      },
      {
        name: 'a move leaves nobody waiting whom another process is joining to its thread',
        find: '    if (await completeJoins(db, doc)) return undefined\n    const first',
        replace: '    const first',
      },
    ],
  },
  {
    file: 'server/store/mongo/flush.ts',
    suites: contract,
    faults: [
      { name: 'a STOP never reaches its line', find: ', ...optOutStages(saidIn(own))]', replace: ']', cases: 'opt-outs' },
      {
        name: 'of two said at once the newer alone counts',
        find: '.toSorted((a, b) => a.createdAt - b.createdAt)',
        replace: '.toSorted((a, b) => b.createdAt - a.createdAt).slice(0, 1)',
        cases: 'opt-outs',
      },
    ],
  },
  {
    file: 'server/store/mongo/put-on-line.ts',
    suites: contract,
    faults: [
      {
        name: 'a thread goes to another line without what the line knows',
        find: 'shownLine((await db.lines.findOne({ _id: line._id, orgId })) ?? line)',
        replace: 'shownLine({ ...line, lastInboundAt: null })',
        cases: 'numbers',
      },
    ],
  },
  {
    file: 'server/store/mongo/migrations.ts',
    suites: ['test/store/mongo-migrations.test.ts'],
    faults: [
      {
        name: 'an older server takes a layout of halves for its own',
        find: '{ $max: { version: newest }, $min: { migratingFrom: from } }',
        replace: '{ $min: { migratingFrom: from } }',
      },
      {
        name: 'a migration that was killed counts as done',
        find: '{ $max: { version: newest }, $min: { migratingFrom: from } }',
        replace: '{ $max: { version: newest } }',
      },
      { name: 'a migration never counts as done', find: "{ $unset: { migratingFrom: '' } }", replace: "{ $unset: { migratedFrom: '' } }" },
      { name: 'indexes come before what they hold', find: '[...missing, createIndexes]', replace: '[createIndexes, ...missing]' },
    ],
  },
  {
    file: 'server/store/mongo/key-lines.ts',
    suites: ['test/store/mongo-migrations.test.ts'],
    faults: [
      {
        name: 'a line has the key of how its number was written',
        find: 'normalisedAddress(phone ?? address)',
        replace: '(phone ?? address)',
      },
      {
        name: 'of two lines of one number the wrong one is kept',
        find: 'all.find((line) => line.contactId === owner?.contactId) ?? all[0]',
        replace: 'all.at(-1)',
      },
      { name: 'a contact has one line only', find: 'name === OLD_INDEX', replace: "name === 'none'" },
    ],
  },
  {
    file: 'server/store/mongo/status.ts',
    suites: contract,
    faults: [
      {
        name: 'the SID of another message is taken',
        find: '  if (await db.messages.findOne({ orgId, twilioSid }, { projection: { _id: 1 } })) return unchanged(known)\n',
        replace: '',
        cases: 'settling',
      },
      {
        name: 'what was held is lost',
        find: '  const merged = await mergeHeld(db, changed.after)\n',
        replace: '  const merged = null as StatusApplied | null\n',
        cases: 'statuses|settling',
      },
      { name: 'a callback before its SID is lost', find: '    await hold(db, report)\n', replace: '', cases: 'statuses' },
      {
        name: 'what was held stays',
        find: '  await db.callbacks.deleteMany({ _id: { $in: held.map((callback) => callback._id) }, orgId, twilioSid })\n',
        replace: '',
        suites: facts,
        cases: 'callbacks that waited',
      },
    ],
  },
  {
    file: 'server/store/mongo/leases.ts',
    suites: contract,
    faults: [
      {
        name: 'a new holder has the old fence',
        find: "{ $cond: [mine, '$fence', { $add: ['$fence', 1] }] }",
        replace: "'$fence'",
        cases: 'leases',
      },
      {
        name: 'two hold one sender',
        find: "const over = { $lte: ['$leaseUntil', '$$NOW'] }",
        replace: "const over = { $gte: ['$leaseUntil', new Date(0)] }",
        cases: 'leases',
      },
      {
        name: 'anybody gives a lease back',
        find: 'orgId, leaseBy: holder }',
        replace: 'orgId, leaseBy: { $ne: holder } }',
        cases: 'leases',
      },
    ],
  },
  {
    file: 'server/store/mongo/recovery.ts',
    suites: contract,
    faults: [{ name: 'the position goes back', find: '{ $max: { position', replace: '{ $set: { position', cases: 'recovery' }],
  },
  {
    file: 'server/store/mongo/raise-reading.ts',
    suites: contract,
    faults: [{ name: 'a read cursor goes back', find: "readSeq: { $max: ['$readSeq', readSeq] }", replace: 'readSeq', cases: 'unread' }],
  },
  {
    file: 'server/store/mongo/sum-unread.ts',
    suites: facts,
    faults: [
      {
        name: 'a sum takes off what was read outside of the scope',
        find: 'if (!scopeHolds(scope, thread.coordinationId)) continue',
        replace: '',
        cases: 'are summed',
      },
      { name: 'a sum counts threads that were read', find: 'if (left === 0) numbers.conversations--', replace: '', cases: 'are summed' },
      { name: 'a sum counts what was read', find: 'numbers.total -= unreadOf(thread, 0) - left', replace: '', cases: 'are summed' },
    ],
  },
  {
    file: 'server/store/mongo/unread.ts',
    suites: contract,
    faults: [
      {
        name: 'unfiled threads count for every scope',
        find: 'doc.coordinationId === null || !held.has(doc.coordinationId)',
        replace: 'doc.coordinationId !== null && !held.has(doc.coordinationId)',
        cases: 'unread|scope',
      },
      {
        name: 'a badge outside of the scope is told',
        find: 'filter((id) => scopeHolds(scope, id))',
        replace: "filter((id) => id !== '')",
        cases: 'unread|scope',
      },
      { name: 'a record shows who waits last', find: 'since < of.awaitingSince', replace: 'since > of.awaitingSince', cases: 'unread' },
    ],
  },
  {
    file: 'server/store/mongo/messages.ts',
    suites: contract,
    faults: [
      {
        name: 'a message outside of the scope is read',
        find: 'found && scopeHolds(viewer.scope, found.coordinationId) ? toMessage(found) : null',
        replace: 'found ? toMessage(found) : null',
        cases: 'scope',
      },
      {
        name: 'there is always more',
        find: 'hasMore: found.length > range.limit',
        replace: 'hasMore: true',
        cases: 'log|outbox|inbound|conversations',
      },
      { name: 'the newest page is the oldest', find: 'seq: backwards ? -1 : 1', replace: 'seq: 1', cases: 'log|outbox|inbound|sync' },
      {
        name: 'of equal times the log leaves one out',
        find: '{ _id: { $lt: position[1] } }',
        replace: "{ _id: { $lt: '' } }",
        cases: 'log',
      },
    ],
  },
  {
    file: 'server/store/mongo/message-log.ts',
    suites: contract,
    faults: [
      {
        name: 'the log shows other scopes',
        find: '    orgId,\n    ...inScope(scope),\n    ...(coordinationId',
        replace: '    orgId,\n    ...(coordinationId',
        cases: 'scope|log',
      },
    ],
  },
  {
    file: 'server/store/mongo/sync.ts',
    suites: contract,
    faults: [
      { name: 'a cursor of another scope is taken', find: 'cursor.viewer === viewerHash(viewer) &&', replace: '', cases: 'sync|scope' },
      {
        name: 'what left the scope is not told',
        find: 'if (scope !== null && (news ||',
        replace: 'if (scope !== null && scope.length < 0 && (news ||',
        cases: 'sync',
      },
      { name: 'more than fits is cut', find: '  if (changed.length + others.length > limit) return full()\n', replace: '', cases: 'sync' },
      { name: 'what was read on another screen is not told', find: '[...changed, ...read]', replace: 'changed', cases: 'sync' },
    ],
  },
  {
    file: 'server/store/mongo/change-message.ts',
    suites: contract,
    faults: [
      {
        name: 'what has ended holds up its line',
        find: '  if (doc.open && !isOpen(status, twilioSid)) patch.open = undefined\n',
        replace: '',
        cases: 'outbox|settling',
      },
      {
        name: 'what changed since is overwritten',
        find: 'orgId, rev: found.rev, entering',
        replace: 'orgId, entering',
        cases: 'scheduled',
      },
    ],
  },
  {
    file: 'server/store/mongo/errors.ts',
    suites: ['test/store/mongo-errors.test.ts'],
    faults: [
      { name: 'the password stands in a message', find: "authority.slice(authority.lastIndexOf('@') + 1)", replace: 'authority' },
      { name: 'a line that broke is a bug', find: ' || brokenLine.test(error.message)', replace: '' },
    ],
  },
]
