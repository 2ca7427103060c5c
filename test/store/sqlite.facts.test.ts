// Facts of the SQLite store alone: its commits, its lock, its file.
import { execFileSync, spawn } from 'node:child_process'
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { once } from 'node:events'
import { DatabaseSync } from 'node:sqlite'
import { describe, expect, test, vi } from 'vitest'
import { backupStore } from '../../server/store/sqlite/backup-store.ts'
import { failAttempt } from '../../server/rules/message.ts'
import type { Store } from '../../server/store/store.ts'
import { carrierFailure, draft, inbound, MORNING, noChecks, person, viewerOf } from '../support/builders.ts'
import { newId, useSqliteFile } from '../support/sqlite-file.ts'

const org = 'org-1'
const everyone = viewerOf(org, 'agent-all')
const first = { cursor: null, limit: 20 }
const unfiled = () => ({ coordinationId: null, hintId: null })

/** Of util-linux: lifts the limit of a running process. */
const prlimit = ['/usr/bin/prlimit', '/bin/prlimit'].find((path) => existsSync(path))

const own = useSqliteFile()
const { open } = own

/** Commits in the write-ahead log: frames whose header says how large the database is after them. */
function commits(): number {
  const log = readFileSync(`${own.file}-wal`)
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
  const script = join(own.folder, 'server.mjs')
  writeFileSync(script, code.replace('process.argv[1]', 'process.argv[2]'))
  const child = spawn('bash', ['-c', `${limit} exec "$0" "$@"`, process.execPath, script, own.file], { stdio: ['pipe', 'pipe', 'inherit'] })
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

test('a cursor of another database, as of before a restore, begins anew', async () => {
  const store = await open()
  await store.receive(inbound(org, newId()), unfiled)
  const { cursor } = await store.sync(everyone, null, 50)
  expect(await store.sync(everyone, cursor, 50)).toMatchObject({ full: false })
  const other = await open({ file: join(own.folder, 'other.db') })
  await other.receive(inbound(org, newId()), unfiled)
  expect(await other.sync(everyone, cursor, 50)).toMatchObject({ full: true, conversations: [{ inboundCount: 1 }] })
})

test('an opt-out of the line is seen by its claims, its conversations and the contact', async () => {
  const store = await open()
  const received = await store.receive(inbound(org, newId()), unfiled)
  if (received.outcome !== 'created') throw new Error(received.outcome)
  const { id, lineId, contact } = received.conversation
  await store.enter(draft(org, newId(), id), noChecks)
  await store.close()
  const db = new DatabaseSync(own.file)
  db.exec('UPDATE lines SET opted_out_at = 1')
  db.close()
  const again = await open()
  const head = await again.claim(org, lineId, { now: MORNING, leaseMs: 1, fence: 1 })
  expect(head).toMatchObject({ state: 'claimed', claim: { optedOut: true } })
  expect(await again.conversation(everyone, id)).toMatchObject({ optedOut: true })
  expect(await again.contact(everyone, contact.id)).toMatchObject({ optOuts: [{ channel: 'whatsapp' }] })
})

test('callbacks that waited for their SID are kept no longer than until it is known', async () => {
  const store = await open()
  const received = await store.receive(inbound(org, newId()), unfiled)
  if (received.outcome !== 'created') throw new Error(received.outcome)
  await store.enter(draft(org, newId(), received.conversation.id), noChecks)
  const head = await store.claim(org, received.conversation.lineId, { now: MORNING, leaseMs: 1, fence: 1 })
  if (head.state !== 'claimed') throw new Error(head.state)
  const told = { twilioSid: `SM${'1'.repeat(32)}`, failure: null, at: MORNING } as const
  await store.applyStatus({ ...told, orgId: org, messageId: null, status: 'delivered' })
  const held = () => {
    const db = new DatabaseSync(own.file)
    const { n } = db.prepare('SELECT count(*) AS n FROM callbacks').get() as { n: number }
    db.close()
    return n
  }
  expect(held()).toBe(1)
  await store.accepted(head.claim, { ...told, status: 'sending' })
  expect(held()).toBe(0)
})

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

  test('what is acknowledged survives a power cut: every commit is synced, in a log of its own, and rows refer to rows that are there', async () => {
    const settings: Record<string, unknown>[] = []
    const close = DatabaseSync.prototype.close
    // The very connection that the store wrote by, asked before it ends.
    const spy = vi.spyOn(DatabaseSync.prototype, 'close').mockImplementation(function (this: DatabaseSync) {
      settings.push(
        Object.fromEntries(
          ['synchronous', 'journal_mode', 'foreign_keys'].map((name) => [
            name,
            Object.values(this.prepare(`PRAGMA ${name}`).get() ?? {})[0],
          ]),
        ),
      )
      close.call(this)
    })
    try {
      const store = await open()
      await store.receive(inbound(org, newId()), unfiled)
      settings.length = 0
      await store.close()
    } finally {
      spy.mockRestore()
    }
    // 2: FULL.
    expect(settings).toContainEqual({ synchronous: 2, journal_mode: 'wal', foreign_keys: 1 })
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
    const other = new DatabaseSync(own.file)
    other.exec('BEGIN IMMEDIATE')
    await expect(store.receive(inbound(org, newId()), unfiled)).rejects.toMatchObject({ code: 'unavailable' })
    other.exec('ROLLBACK')
    other.close()
    expect((await store.receive(inbound(org, newId()), unfiled)).outcome).toBe('created')
  })
})

describe('the lock', () => {
  test('no two processes share the file, so that there is nobody to read the feed for', async () => {
    const store = await open()
    await store.beat('one', 60_000)
    expect(await store.processes()).toBeNull()
  })
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
    const db = new DatabaseSync(own.file)
    db.exec('PRAGMA user_version = 99')
    db.close()
    await expect(open()).rejects.toMatchObject({ code: 'unavailable', message: expect.stringMatching(/schema version 99.*newer Hilo/) })
    const after = new DatabaseSync(own.file)
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

  test('of a file of before, what failed last is among the failures of its conversation', async () => {
    const store = await open()
    const { conversation } = (await store.receive(inbound(org, newId()), unfiled)) as { conversation: { id: string; lineId: string } }
    const entered = await store.enter(draft(org, newId(), conversation.id), noChecks)
    const head = await store.claim(org, conversation.lineId, { now: MORNING, leaseMs: 1000, fence: 1 })
    if (entered.outcome !== 'created' || head.state !== 'claimed') throw new Error('It was not sent.')
    await store.changeMessage(org, entered.message.id, failAttempt(head.claim, carrierFailure, MORNING))
    await store.close()
    const db = new DatabaseSync(own.file)
    const optOutColumns = ['opted_out_by', 'marketing_out_at', 'marketing_out_by', 'opt_said_at']
    db.exec(`DROP INDEX lines_opted_out;${optOutColumns.map((column) => `ALTER TABLE lines DROP COLUMN ${column};`).join('')}`)
    db.exec(
      'DROP TABLE templates; DROP TABLE template_changes; DROP TABLE settings; DROP TABLE deliveries; DROP TABLE campaigns; DROP TABLE recipients; DROP INDEX messages_sensitive',
    )
    db.exec(
      'DROP INDEX coordinations_by_due; ALTER TABLE coordinations DROP COLUMN next_due_at; ALTER TABLE coordinations DROP COLUMN plan',
    )
    const logIndexes = ['by_channel', 'by_status', 'by_author', 'by_author_type', 'internal', 'by_error_code', 'by_error_reason']
    db.exec(logIndexes.map((name) => `DROP INDEX messages_${name};`).join(''))
    db.exec('CREATE INDEX messages_log ON messages (org_id, created_at, id); DROP INDEX contacts_by_external_id')
    db.exec('DROP TRIGGER named_files_new; DROP TRIGGER named_files_changed; DROP TRIGGER named_files_gone; DROP TABLE named_files')
    db.exec('DROP INDEX messages_media_due; ALTER TABLE messages DROP COLUMN media; ALTER TABLE messages DROP COLUMN media_due')
    db.exec(`DROP INDEX conversations_failed; ALTER TABLE conversations DROP COLUMN failures;
      CREATE INDEX conversations_failed ON conversations (org_id) WHERE last_status = 'failed'; PRAGMA user_version = 9`)
    db.close()
    const later = await open()
    expect(await later.conversation(everyone, conversation.id)).toMatchObject({
      failures: [{ messageId: entered.message.id, error: carrierFailure }],
    })
    expect(await later.countConversations(everyone)).toMatchObject({ failed: 1 })
  })

  test('a step that fails leaves the version before it', async () => {
    await (await open()).close()
    const { migrations } = await import('../../server/store/sqlite/migrations.ts')
    const broken = { version: migrations.length + 1, up: (db: DatabaseSync) => db.exec('CREATE TABLE half (a TEXT); SELECT nothing') }
    await expect(open({ migrations: [...migrations, broken] })).rejects.toThrow()
    const db = new DatabaseSync(own.file)
    expect(db.prepare("SELECT count(*) AS n FROM sqlite_schema WHERE name = 'half'").get()).toEqual({ n: 0 })
    db.close()
    await (await open()).ping()
  })

  test('what is no database, or another program’s, is refused and left as it is', async () => {
    writeFileSync(own.file, 'This is a letter, and no database at all. '.repeat(100))
    await expect(open()).rejects.toMatchObject({ code: 'unavailable', message: expect.stringContaining('restore a backup') })
    expect(readFileSync(own.file, 'utf8')).toContain('a letter')
    rmSync(own.file)
    const db = new DatabaseSync(own.file)
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
    const target = join(own.folder, 'copy', 'backup.db')
    await backupStore(own.file, target)
    const after = acknowledged
    writing = false
    await writer
    await expect(backupStore(own.file, target)).rejects.toMatchObject({ code: 'conflict' })
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
