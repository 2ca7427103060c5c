// What is true of the SQLite store alone: its commits, its lock, its file, its plans.
import { execFileSync, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { once } from 'node:events'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createIds } from '../../server/ids.ts'
import { backupStore } from '../../server/store/sqlite/backup-store.ts'
import { createMemory, writtenTable } from '../../server/store/sqlite/memory.ts'
import { openSqliteStore, type SqliteOptions } from '../../server/store/sqlite/open.ts'
import type { ConversationFilter } from '../../server/store/records.ts'
import type { Store } from '../../server/store/store.ts'
import { draft, HOUR, inbound, MORNING, noChecks, OUR_WHATSAPP, person, record, viewerOf } from '../support/builders.ts'

const org = 'org-1'
const everyone = viewerOf(org, 'agent-all')
const by = { id: 'agent-ana', name: 'Ana Díaz' }
const first = { cursor: null, limit: 20 }
const newId = createIds(() => Date.now())
const unfiled = () => ({ coordinationId: null, hintId: null })

/** Of util-linux: lifts the limit of a running process. */
const prlimit = ['/usr/bin/prlimit', '/bin/prlimit'].find((path) => existsSync(path))

let folder: string
let file: string
const opened: Store[] = []
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hilo-facts-'))
  file = join(folder, 'hilo.db')
})
afterEach(async () => {
  for (const store of opened.splice(0)) await store.close()
  rmSync(folder, { recursive: true, force: true })
})
async function open(options: Partial<SqliteOptions> = {}): Promise<Store> {
  const store = await openSqliteStore({ file, clock: { now: () => Date.now() }, newId, ...options })
  opened.push(store)
  return store
}

/** Commits in the write-ahead log: frames whose header says how large the database is after them. */
function commits(): number {
  const log = readFileSync(`${file}-wal`)
  const frame = 24 + log.readUInt32BE(8)
  let count = 0
  for (let at = 32; at + frame <= log.length; at += frame) if (log.readUInt32BE(at + 4) !== 0) count++
  return count
}

/** Another process that opens the store and says so. */
async function otherServer(limit = '') {
  const code = `
    import { openSqliteStore } from ${JSON.stringify(new URL('../../server/store/sqlite/open.ts', import.meta.url).href)}
    import { createIds } from ${JSON.stringify(new URL('../../server/ids.ts', import.meta.url).href)}
    import { inbound } from ${JSON.stringify(new URL('../support/builders.ts', import.meta.url).href)}
    const newId = createIds(() => Date.now())
    const store = await openSqliteStore({ file: process.argv[1], clock: { now: () => Date.now() }, newId })
    console.log('open')
    for await (const line of process.stdin) for (const size of String(line).trim().split(/\\s+/))
      console.log(await store.receive(inbound('${org}', newId(), { text: 'x'.repeat(Number(size)) }), () => ({ coordinationId: null, hintId: null })).then(
        (received) => received.outcome, (error) => error.code))`
  const script = join(folder, 'server.mjs')
  writeFileSync(script, code.replace('process.argv[1]', 'process.argv[2]'))
  const child = spawn('bash', ['-c', `${limit} exec "$0" "$@"`, process.execPath, script, file], { stdio: ['pipe', 'pipe', 'inherit'] })
  const lines: string[] = []
  child.stdout.setEncoding('utf8').on('data', (text: string) => lines.push(...text.trim().split('\n')))
  const said = async (count: number) => {
    while (lines.length < count) await once(child.stdout, 'data')
    return lines[count - 1]
  }
  expect(await said(1)).toBe('open')
  return {
    pid: child.pid ?? 0,
    /** Receives a message of that many characters; answers how it went. */
    receive: (chars: number) => {
      const next = said(lines.length + 1)
      child.stdin.write(`${chars}\n`)
      return next
    },
    async kill() {
      child.kill('SIGKILL')
      await once(child, 'exit')
    },
  }
}

describe('commits', () => {
  test('writes of one turn share one commit, those of the next have their own', async () => {
    const store = await open()
    const { conversation } = (await store.receive(inbound(org, newId()), unfiled)) as { conversation: { id: string } }
    const before = commits()
    await Promise.all(Array.from({ length: 50 }, () => store.enter(draft(org, newId(), conversation.id), noChecks)))
    expect(commits()).toBe(before + 1)
    await store.enter(draft(org, newId(), conversation.id), noChecks)
    expect(commits()).toBe(before + 2)
    expect((await store.conversation(everyone, conversation.id))?.lastSeq).toBe(52)
  })

  test('reading, and writes that change nothing, commit nothing', async () => {
    const store = await open()
    const message = inbound(org, newId())
    const received = await store.receive(message, unfiled)
    if (received.outcome === 'ignored') throw new Error('ignored')
    const before = commits()
    await store.receive(message, unfiled)
    await store.markRead(everyone, received.conversation.id, 0)
    await store.claim(org, received.conversation.lineId, { now: MORNING, leaseMs: 1, fence: 1 })
    await store.conversations(everyone, { sort: 'activity' }, first)
    expect(commits()).toBe(before)
  })

  test('one that fails takes no other of its turn with it, and leaves nothing of itself', async () => {
    const store = await open()
    const results = await Promise.allSettled([
      store.receive(inbound(org, newId(), { from: person(1) }), unfiled),
      store.receive(inbound(org, newId(), { from: person(2) }), () => {
        throw new Error('no route')
      }),
      store.receive(inbound(org, newId(), { from: person(3) }), unfiled),
    ])
    expect(results.map((result) => result.status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
    expect((await store.contacts(everyone, null, first)).items.map((contact) => contact.name).toSorted()).toEqual(
      [person(1).name, person(3).name].toSorted(),
    )
  })

  test.skipIf(prlimit === undefined)(
    'a full disk refuses what was not kept, and is forgotten when there is room again',
    { timeout: 60_000 },
    async () => {
      // Writes beyond the process's file size limit fail like those to a full disk; the limit can be lifted from outside.
      const server = await otherServer("trap '' XFSZ; ulimit -S -f 2048;")
      try {
        let kept = 0
        let answer = await server.receive(300_000)
        for (; answer === 'created' && kept < 100; answer = await server.receive(300_000)) kept++
        expect(answer).toBe('unavailable')
        expect(kept).toBeGreaterThan(0)
        execFileSync(prlimit ?? '', ['--pid', String(server.pid), '--fsize=unlimited:'])
        expect(await server.receive(10)).toBe('created')
        kept++
        const reader = await open({ readOnly: true })
        const [conversation] = (await reader.conversations(everyone, { sort: 'activity' }, first)).items
        expect(conversation).toMatchObject({ lastSeq: kept, inboundCount: kept })
      } finally {
        await server.kill()
      }
    },
  )

  test('a write that cannot begin is told as unavailable, and the store goes on', async () => {
    const store = await open()
    const other = new DatabaseSync(file)
    other.exec('BEGIN IMMEDIATE')
    await expect(store.receive(inbound(org, newId()), unfiled)).rejects.toMatchObject({ code: 'unavailable' })
    other.exec('ROLLBACK')
    other.close()
    expect((await store.receive(inbound(org, newId()), unfiled)).outcome).toBe('created')
  })
})

describe('the lock', () => {
  test('a second server is refused with what to do; the command line reads on', async () => {
    const store = await open()
    await store.receive(inbound(org, newId()), unfiled)
    await expect(open()).rejects.toMatchObject({ code: 'unavailable', message: expect.stringContaining('Another Hilo server is running') })
    const reader = await open({ readOnly: true })
    expect((await reader.conversations(everyone, { sort: 'activity' }, first)).items).toHaveLength(1)
    await expect(reader.receive(inbound(org, newId()), unfiled)).rejects.toMatchObject({ code: 'unavailable' })
    await store.close()
    expect(await (await open()).nextDueAt()).toBeNull()
  })

  test('it is held across processes, and free at once after SIGKILL', async () => {
    const server = await otherServer()
    await expect(open()).rejects.toMatchObject({ code: 'unavailable' })
    expect(await server.receive(10)).toBe('created')
    await server.kill()
    const store = await open()
    expect((await store.conversations(everyone, { sort: 'activity' }, first)).items).toMatchObject([{ lastSeq: 1 }])
  })
})

describe('the file', () => {
  test('a newer schema is refused with a sentence, and left as it is', async () => {
    await (await open()).close()
    const db = new DatabaseSync(file)
    db.exec('PRAGMA user_version = 99')
    db.close()
    await expect(open()).rejects.toMatchObject({ code: 'unavailable', message: expect.stringMatching(/schema version 99.*newer Hilo/) })
    const after = new DatabaseSync(file)
    expect(after.prepare('PRAGMA user_version').get()).toEqual({ user_version: 99 })
    after.close()
  })

  test('an older schema is brought forward, step by step, and keeps what it holds', async () => {
    const store = await open()
    await store.receive(inbound(org, newId()), unfiled)
    await store.close()
    const { migrations } = await import('../../server/store/sqlite/migrations.ts')
    const seen: number[] = []
    const step = (version: number) => ({
      version,
      up(db: DatabaseSync) {
        seen.push(version)
        db.exec(`CREATE TABLE extra${version} (a TEXT)`)
      },
    })
    const newest = migrations.length
    const later = await open({ migrations: [...migrations, step(newest + 1), step(newest + 2)] })
    expect(seen).toEqual([newest + 1, newest + 2])
    expect((await later.conversations(everyone, { sort: 'activity' }, first)).items).toHaveLength(1)
    await later.close()
    await expect(open()).rejects.toMatchObject({ code: 'unavailable', message: expect.stringContaining(`schema version ${newest + 2}`) })
  })

  test('a step that fails leaves the version before it', async () => {
    await (await open()).close()
    const { migrations } = await import('../../server/store/sqlite/migrations.ts')
    const broken = { version: migrations.length + 1, up: (db: DatabaseSync) => db.exec('CREATE TABLE half (a TEXT); SELECT nothing') }
    await expect(open({ migrations: [...migrations, broken] })).rejects.toThrow()
    const db = new DatabaseSync(file)
    expect(db.prepare("SELECT count(*) AS n FROM sqlite_schema WHERE name = 'half'").get()).toEqual({ n: 0 })
    db.close()
    await (await open()).ping()
  })

  test('what is no database, or another program’s, is refused and left as it is', async () => {
    writeFileSync(file, 'This is a letter, and no database at all. '.repeat(100))
    await expect(open()).rejects.toMatchObject({ code: 'unavailable', message: expect.stringContaining('restore a backup') })
    expect(readFileSync(file, 'utf8')).toContain('a letter')
    rmSync(file)
    const db = new DatabaseSync(file)
    db.exec('CREATE TABLE accounts (id TEXT)')
    db.close()
    await expect(open()).rejects.toMatchObject({ code: 'unavailable', message: expect.stringContaining('not a Hilo database') })
  })

  test('a backup made under load opens as a store with everything that was acknowledged before it', async () => {
    const store = await open()
    let writing = true
    let acknowledged = 0
    const writer = (async () => {
      while (writing) {
        await Promise.all(Array.from({ length: 20 }, () => store.receive(inbound(org, newId()), unfiled)))
        acknowledged += 20
      }
    })()
    while (acknowledged < 200) await store.receive(inbound(org, newId(), { from: person(2) }), unfiled)
    const before = acknowledged
    const target = join(folder, 'copy', 'backup.db')
    await backupStore(file, target)
    const after = acknowledged
    writing = false
    await writer
    await expect(backupStore(file, target)).rejects.toMatchObject({ code: 'conflict' })
    expect(existsSync(`${target}.part`)).toBe(false)
    const copy = await open({ file: target })
    const [restored] = (await copy.conversations(everyone, { sort: 'activity', contactId: await contactId(store) }, first)).items
    expect(restored?.lastSeq).toBeGreaterThanOrEqual(before)
    expect(restored?.lastSeq).toBeLessThanOrEqual(after + 40)
    const page = await copy.messages(everyone, restored?.id ?? '', { after: 0, limit: 10_000 })
    expect(page?.items.map((message) => message.seq)).toEqual(Array.from({ length: restored?.lastSeq ?? 0 }, (_, index) => index + 1))
    expect((await copy.receive(inbound(org, newId()), unfiled)).outcome).toBe('created')
  })
})

async function contactId(store: Store): Promise<string> {
  const { items } = await store.conversations(everyone, { sort: 'activity', phoneKeys: [...person(1).keys] }, first)
  return items[0]?.contact.id ?? ''
}

describe('plans', () => {
  test('every statement of every call finds its rows by an index', async () => {
    const statements = new Set<string>()
    const store = await open({ onPrepare: (text) => void statements.add(text) })
    await exercise(store)
    const db = new DatabaseSync(file, { readOnly: true })
    const scans: string[] = []
    const ordered =
      /INDEXED BY (conversations_(by_activity|idle|waiting|unanswered|by_assignee)|contacts_by_name|coordinations_by_update|messages_(log|by_time))/
    for (const text of statements) {
      if (!/^\s*(SELECT|UPDATE|DELETE|INSERT)/.test(text)) continue
      const plan = db.prepare(`EXPLAIN QUERY PLAN ${text}`).all() as { detail: string }[]
      // The elements of a list in the call, and the rows of a subquery that has itself found them by an index.
      const bad = plan.map((step) => step.detail).filter((detail) => /^SCAN (?!json_each|placed|\(subquery|o$|\(?CONSTANT)/.test(detail))
      // A list in the order of its own index is read from it, not sorted.
      if (ordered.test(text))
        bad.push(...plan.map((step) => step.detail).filter((detail) => detail.startsWith('USE TEMP B-TREE FOR ORDER BY')))
      if (bad.length > 0) scans.push(`${text}\n  ${bad.join('\n  ')}`)
    }
    db.close()
    expect(statements.size).toBeGreaterThan(90)
    expect(scans).toEqual([])
  })

  test('of every statement that writes it is known to which table, so that nothing outdated is remembered', async () => {
    const statements = new Set<string>()
    const store = await open({ onPrepare: (text) => void statements.add(text) })
    await exercise(store)
    const db = new DatabaseSync(file, { readOnly: true })
    const tables = new Set(
      db
        .prepare("SELECT name FROM sqlite_schema WHERE type = 'table'")
        .all()
        .map((row) => String(row.name)),
    )
    const told: string[] = []
    for (const text of statements) {
      // What SQLite itself says: a write opens a table's root for writing.
      const program = /^\s*(BEGIN|COMMIT|SAVEPOINT|RELEASE|ROLLBACK)/.test(text) ? [] : db.prepare(`EXPLAIN ${text}`).all()
      const writes = program.some((step) => step.opcode === 'Insert' || step.opcode === 'Delete' || step.opcode === 'IdxInsert')
      const table = writtenTable(text)
      const isKept = program.some((step) => step.opcode === 'OpenWrite')
      if (isKept !== (table !== null) || (table !== null && !tables.has(table)) || (isKept && !writes)) told.push(`${table}: ${text}`)
    }
    db.close()
    expect(told).toEqual([])
  })
})

describe('what is remembered', () => {
  test('is read anew after a write to its tables, and after something was taken back', () => {
    const memory = createMemory()
    let rows = 1
    let readings = 0
    const ask = () =>
      memory.remember(['contacts', 'contact_keys'], 'one', () => {
        readings++
        return rows
      })
    expect([ask(), ask(), readings]).toEqual([1, 1, 1])
    rows = 2
    memory.wrote('messages')
    expect(ask()).toBe(1)
    memory.wrote('contact_keys')
    expect([ask(), ask(), readings]).toEqual([2, 2, 2])
    rows = 3
    memory.forget()
    expect(ask()).toBe(3)
  })

  test('a contact that was taken back, since another write of the same commit failed, is made anew', async () => {
    const store = await open()
    const made = store.receive(inbound(org, newId()), unfiled)
    const found = store.receive(inbound(org, newId()), unfiled)
    const broken = store.receive(inbound(org, newId()), () => {
      throw new Error('the routing failed')
    })
    await expect(broken).rejects.toThrow('the routing failed')
    expect([(await made).outcome, (await found).outcome]).toEqual(['created', 'created'])
  })
})

/** Each call of the port, each filter of each list, with and without a scope, on every page. */
async function exercise(store: Store): Promise<void> {
  const scoped = viewerOf(org, 'agent-scoped', ['ev-1', 'ev-2'])
  await store.saveCoordinations(org, [record('ev-1'), record('ev-2', { status: 'done' }), record('ev-3', { status: 'canceled' })], MORNING)
  const received = await store.receive(inbound(org, newId(), { aliases: ['AR.1'], quotedSid: 'SM0' }), (facts) => {
    void [facts.quoted, facts.openCoordinations, facts.closedCoordination]
    return { coordinationId: null, hintId: 'ev-2' }
  })
  const other = await store.receive(inbound(org, newId()), () => ({ coordinationId: 'ev-1', hintId: null }))
  if (received.outcome === 'ignored' || other.outcome === 'ignored') throw new Error('ignored')
  const { conversation, message } = received
  const { lineId } = conversation
  for (let n = 2; n < 6; n++) await store.receive(inbound(org, newId(), { from: person(n), attributes: { FromCity: 'Rosario' } }), unfiled)
  const limit = { contactLimit: { max: 5, since: MORNING - HOUR }, ifNoAnswerSince: 0 }
  const entered = await store.enter(draft(org, newId(), conversation.id, { key: 'k1' }), limit)
  if (entered.outcome !== 'created') throw new Error(entered.outcome)
  await store.enter(draft(org, newId(), conversation.id), noChecks)
  await store.findByKey(org, 'k1')
  const planned = await store.schedule(draft(org, newId(), conversation.id, { dueAt: MORNING }))
  await store.dueMessages(MORNING, 10)
  await store.nextDueAt()
  if (planned.outcome === 'created') await store.enterScheduled(org, planned.message.id, MORNING, null)
  await store.leaseSender(org, OUR_WHATSAPP, 'p', 1000)
  await store.releaseSender(org, OUR_WHATSAPP, 'p')
  await store.openLines(null, 10)
  await store.oldestQueued(org)
  await store.setDelay(org, entered.message.id, { reason: 'rate', until: null })
  const head = await store.claim(org, lineId, { now: MORNING, leaseMs: 1, fence: 1 })
  await store.applyStatus({ orgId: org, messageId: null, twilioSid: 'SM1', status: 'sent', failure: null, at: MORNING })
  await store.expireClaims(org, OUR_WHATSAPP, { now: MORNING + HOUR, fence: 2 })
  if (head.state === 'claimed') await store.accepted(head.claim, { twilioSid: 'SM1', status: 'sending', at: MORNING, failure: null })
  await store.giveUp(org, entered.message.id, { code: null, reason: 'unsettled', message: '', action: 'retry' }, MORNING)
  await store.knownSids(org, ['SM1', 'SM2'])
  await store.receive(inbound(org, newId(), { twilioSid: 'SM9', listed: true }), () => ({ coordinationId: null, hintId: null }))
  await store.receive(inbound(org, newId(), { twilioSid: 'SM9' }), () => ({ coordinationId: null, hintId: null }))
  await store.recovery(org, MORNING)
  await store.advanceRecovery(org, { position: MORNING })
  await store.sentStates(org, ['SM1'])
  await store.incompleteSends(org, { from: 0, to: MORNING + HOUR, after: null, limit: 5 })
  const secret = await store.enter(draft(org, newId(), conversation.id, { sensitive: true }), noChecks)
  if (secret.outcome === 'created') {
    await store.eraseText(org, secret.message.id)
    await store.cancel(org, secret.message.id, MORNING)
  }
  const { address, phone, keys, fallbackName } = person(9)
  const request = { orgId: org, sender: OUR_WHATSAPP, address, phone, keys, name: null, fallbackName, coordinationId: null, now: MORNING }
  await store.openConversation({ ...request, channel: 'whatsapp' })
  await store.openConversation({ ...request, channel: 'whatsapp', name: 'Nora' })
  await store.updateConversation(everyone, conversation.id, { status: 'open', assignee: by, tags: ['vip'] }, MORNING)
  await store.snoozeEnds(MORNING, 5)
  const filters: Partial<ConversationFilter>[] = [
    {},
    { channel: 'whatsapp', status: 'open', tag: 'vip', failed: true },
    { assignee: 'none' },
    { assignee: by.id },
    { coordinationId: 'ev-1' },
    { contactId: conversation.contact.id },
    { phoneKeys: [...keys] },
    { unread: true },
    { awaiting: true },
    { unfiled: true },
    { automated: true },
    { q: 'ana' },
    { q: 'ana', unread: true, unfiled: true, contactId: conversation.contact.id },
  ]
  for (const viewer of [everyone, scoped]) {
    for (const filter of filters)
      for (const sort of ['activity', 'waiting'] as const)
        for (let cursor: string | null = null, pages = 0; pages === 0 || (cursor !== null && pages < 9); pages++)
          cursor = (await store.conversations(viewer, { sort, ...filter }, { cursor, limit: 1 })).nextCursor
    for (let cursor: string | null = null, pages = 0; pages < 3; pages++) {
      await store.contacts(viewer, 'a', { cursor, limit: 1 })
      cursor = (await store.contacts(viewer, null, { cursor, limit: 1 })).nextCursor
    }
    for (const filter of [{}, { q: 'boda' }, { phoneKeys: [...person(1).keys] }])
      for (let cursor: string | null = null, pages = 0; pages < 2; pages++)
        cursor = (await store.coordinations(viewer, filter, { cursor, limit: 1 })).nextCursor
    for (const filter of [{}, { conversationId: conversation.id }, { contactId: conversation.contact.id }, { coordinationId: 'ev-1' }])
      for (const span of [{}, { from: MORNING - HOUR, to: MORNING + HOUR }])
        for (let cursor: string | null = null, pages = 0; pages < 2; pages++)
          cursor = (await store.messageLog(viewer, { ...filter, ...span, q: 'a' }, { cursor, limit: 1 })).nextCursor
    await store.contact(viewer, conversation.contact.id)
    await store.contactMessages(viewer, conversation.contact.id, first)
    await store.coordination(viewer, 'ev-1')
    await store.coordinationMessages(viewer, 'ev-1', first)
    await store.coordinationMessages(viewer, 'ev-2', first)
    await store.unread([viewer])
    await store.unreadByCoordination(viewer, ['ev-1'])
    const { cursor } = await store.sync(viewer, null, 10)
    await store.markRead(viewer, other.conversation.id, 1)
    await store.sync(viewer, cursor, 10)
    for (const range of [{}, { before: 2 }, { after: 1 }, { changedSince: cursor }])
      await store.messages(viewer, other.conversation.id, { ...range, limit: 5 })
    await store.message(viewer, message.id)
  }
  const moved = await store.moveMessages(everyone, [message.id], 'ev-1', by, MORNING)
  await store.undoMove(everyone, moved?.undoId ?? '', by, MORNING)
  const address2 = { channel: 'whatsapp' as const, phone: person(8).phone, keys: person(8).keys, preferred: true }
  await store.updateContact(everyone, conversation.contact.id, { name: 'Ana María', addresses: [address2] }, MORNING)
  await store.updateContact(scoped, conversation.contact.id, { tags: ['x'] }, MORNING)
  await store.updateConversation(everyone, conversation.id, { coordinationId: 'ev-3' }, MORNING)
  await store.updateConversation(everyone, conversation.id, { coordinationId: 'ev-1', status: 'closed' }, MORNING)
}
