// Databases of before: brought forward by whichever servers start, however often they are killed on the way, and never taken by
// an older one for its own.
import { createConnection, type Connection } from 'mongoose'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { systemClock } from '../../server/clock.ts'
import { createIds } from '../../server/ids.ts'
import { failAttempt } from '../../server/rules/message.ts'
import { keyLines } from '../../server/store/mongo/key-lines.ts'
import { migrate, migrations } from '../../server/store/mongo/migrations.ts'
import { openMongoStore } from '../../server/store/mongo/open.ts'
import { type Collections, openCollections } from '../../server/store/mongo/schema.ts'
import type { Store } from '../../server/store/store.ts'
import { carrierFailure, draft, inbound, noChecks, numbered, type Person, person, viewerOf } from '../support/builders.ts'
import { places, serverUrl } from '../support/places/mongo.ts'
import { until } from '../support/until.ts'

const orgId = 'org-1'
const all = viewerOf(orgId, 'agent-ana')
const newId = createIds(systemClock.now)
const OLD_LINES = migrations.indexOf(keyLines)
const BEFORE_FAILURES = migrations.findIndex(({ name }) => name === 'listFailures')
const BEFORE_ATTACHMENTS = migrations.findIndex(({ name }) => name === 'showAttachments')
const [A, B] = [person(1), person(50)]

describe.skipIf(serverUrl === undefined)('a MongoDB of before', { timeout: 120_000 }, () => {
  let address: string
  let connection: Connection
  let raw: Collections
  const open: Store[] = []

  async function openStore(): Promise<Store> {
    const store = await openMongoStore({ url: address, clock: systemClock, newId })
    open.push(store)
    return store
  }
  async function receive(store: Store, from: Person, channel: 'whatsapp' | 'sms' = 'whatsapp') {
    const received = await store.receive(inbound(orgId, newId(), { from, channel }), () => ({ coordinationId: null, hintId: null }))
    if (received.outcome !== 'created') throw new Error(received.outcome)
    return received.conversation
  }
  const giveNumber = (store: Store, id: string, { phone, keys }: Person) =>
    store.updateContact(all, id, { addresses: [{ channel: 'whatsapp', phone, keys, preferred: true }] }, Date.now())
  /** As a server of before left it: one line per contact, channel and sender, without keys. */
  async function asBefore(): Promise<void> {
    for (const store of open.splice(0)) await store.close()
    for (const { name } of await raw.lines.indexes()) if (name !== undefined && name !== '_id_') await raw.lines.dropIndex(name)
    await raw.lines.createIndex({ orgId: 1, contactId: 1, channel: 1, sender: 1 }, { unique: true })
    await raw.lines.updateMany({}, { $unset: { key: '' } })
    await raw.meta.updateOne({ _id: 'schema' }, { $set: { version: OLD_LINES } })
  }
  const keys = async () => (await raw.lines.find().toArray()).map((line) => line.key as string | undefined).toSorted()
  const olderServer = () => migrate(connection, raw, migrations.slice(0, OLD_LINES))

  beforeEach(async () => {
    address = await places.create()
    connection = await createConnection(address).asPromise()
    raw = openCollections(connection)
  })
  afterEach(async () => {
    for (const store of open.splice(0)) await store.close()
    await connection.close()
    await places.remove(address)
  })

  test('two servers that start at once: each line has the key of its address, and threads go on over it', async () => {
    const before = await openStore()
    const brazil = numbered('+554188887777', 'João')
    const one = await receive(before, A)
    const sms = await receive(before, A, 'sms')
    const other = await receive(before, brazil)
    const queued = draft(orgId, newId(), one.id, { text: 'Ya vamos' })
    await before.enter(queued, noChecks)
    await asBefore()
    const stores = await Promise.all([openStore(), openStore()])
    const [store] = stores
    expect(await keys()).toEqual([A.address, A.address, '+5541988887777'])
    expect(await raw.meta.findOne({ _id: 'schema' })).toEqual({ _id: 'schema', version: migrations.length })
    const indexes = (await raw.lines.indexes()).map((index) => Object.keys(index.key as object).join())
    expect(indexes.toSorted()).toEqual(['_id', 'orgId,_id', 'orgId,channel,sender,key', 'orgId,contactId'])
    for (const [kept, from, channel] of [
      [one, A, 'whatsapp'],
      [sms, A, 'sms'],
      [other, brazil, 'whatsapp'],
    ] as const)
      expect(await receive(store, from, channel)).toMatchObject({ id: kept.id, lineId: kept.lineId, inboundCount: 2 })
    const head = await store.claim(orgId, one.lineId, { now: Date.now(), leaseMs: 1000, fence: 1 })
    expect(head).toMatchObject({ state: 'claimed', claim: { message: { text: queued.text }, address: A.address } })
    for (const to of [B, A]) expect(await giveNumber(store, one.contact.id, to)).toMatchObject({ outcome: 'changed' })
    expect(await store.conversation(all, one.id)).toMatchObject({ lineId: one.lineId, contact: { address: A.address } })
  })

  test('what failed last is among the failures of its conversation', async () => {
    const before = await openStore()
    const conversation = await receive(before, A)
    await receive(before, B)
    const { id } = draft(orgId, newId(), conversation.id)
    await before.enter(draft(orgId, id, conversation.id), noChecks)
    const head = await before.claim(orgId, conversation.lineId, { now: Date.now(), leaseMs: 1000, fence: 1 })
    if (head.state !== 'claimed') throw new Error(head.state)
    await before.changeMessage(orgId, id, failAttempt(head.claim, carrierFailure, Date.now()))
    for (const store of open.splice(0)) await store.close()
    await raw.conversations.updateMany({}, { $unset: { failures: '' } })
    await raw.meta.updateOne({ _id: 'schema' }, { $set: { version: BEFORE_FAILURES } })
    for (const turn of ['forward', 'again, as another server']) {
      await migrate(connection, raw)
      const [store] = open.length > 0 ? open : [await openStore()]
      const failures = [{ messageId: id, error: carrierFailure }]
      expect(await store?.conversation(all, conversation.id), turn).toMatchObject({ failures })
      expect(await store?.countConversations(all), turn).toMatchObject({ failed: 1 })
      await raw.meta.updateOne({ _id: 'schema' }, { $set: { version: BEFORE_FAILURES } })
    }
  })

  test('a last message says what its media are', async () => {
    const before = await openStore()
    const photo = inbound(orgId, newId(), { from: A, type: 'media', media: [{ sourceUrl: null, contentType: 'image/jpeg' }] })
    const received = await before.receive(photo, () => ({ coordinationId: null, hintId: null }))
    if (received.outcome !== 'created') throw new Error(received.outcome)
    const words = await receive(before, B)
    for (const store of open.splice(0)) await store.close()
    await raw.conversations.updateMany({}, { $unset: { 'lastMessage.attachment': '' } })
    await raw.meta.updateOne({ _id: 'schema' }, { $set: { version: BEFORE_ATTACHMENTS } })
    const store = await openStore()
    const { id, rev } = received.conversation
    expect(await store.conversation(all, id)).toMatchObject({
      rev: rev + 1,
      lastMessage: { attachment: { kind: 'image', filename: null } },
    })
    expect((await store.conversation(all, words.id))?.lastMessage?.attachment).toBeUndefined()
  })

  test('killed at whichever step, it goes on at the next start; until then no older server takes it', async () => {
    await receive(await openStore(), A)
    await receive(open[0] ?? (await openStore()), B)
    let ended = false
    for (let steps = 0; !ended; steps++) {
      await asBefore()
      ended = await migrate(connection, dying(raw, steps)).then(
        () => true,
        () => false,
      )
      if (!ended) expect(await raw.meta.findOne({ _id: 'schema' })).toMatchObject({ migratingFrom: OLD_LINES })
      await expect(olderServer()).rejects.toThrow(/has schema version \d+, this Hilo knows up to \d+\. Start the newer Hilo that wrote it/)
      await migrate(connection, raw)
      expect(await keys()).toEqual([A.address, B.address])
      expect(await raw.meta.findOne({ _id: 'schema' })).toEqual({ _id: 'schema', version: migrations.length })
      expect(steps).toBeLessThan(20)
    }
  })

  test('of two contacts whose lines had one address, it is that of the one to whom the number leads', async () => {
    const before = await openStore()
    const one = await receive(before, A)
    const two = await receive(before, B)
    await asBefore()
    await raw.lines.updateOne({ _id: two.lineId }, { $set: { address: A.address, phone: A.phone } })
    const store = await openStore()
    expect(await receive(store, A)).toMatchObject({ id: one.id, lineId: one.lineId })
    expect(await store.conversation(all, two.id)).toMatchObject({ lineId: two.lineId, contact: { id: two.contact.id } })
    expect(await receive(store, B)).toMatchObject({ id: two.id, contact: { address: B.address } })
  })

  test.each([
    ['as an older server left it', {}],
    ['as this one leaves it', { moved: [{ channel: 'whatsapp' as const, key: B.keys[0] }] }],
  ])('a change of number that was cut off is completed: %s', async (_, task) => {
    const before = await openStore()
    const one = await receive(before, A)
    await before.close()
    const contact = { $set: { 'addresses.0.address': B.address, 'addresses.0.phone': B.phone, keys: [...B.keys] }, $inc: { rev: 1 } }
    await raw.contacts.updateOne({ _id: one.contact.id }, contact)
    await raw.tasks.insertOne({ _id: newId(), orgId, at: new Date(0), now: 0, contactId: one.contact.id, records: null, ...task })
    const store = await openStore()
    await until(async () => (await raw.tasks.countDocuments()) === 0)
    const after = await store.conversation(all, one.id)
    expect(after).toMatchObject({ contact: { address: B.address }, lastInboundAt: null })
    expect(after?.lineId).not.toBe(one.lineId)
  })

  test('an opt-out is the number’s: gone with it, and there again when it comes back', async () => {
    const store = await openStore()
    const one = await receive(store, A)
    const optedOutAt = Date.now()
    await raw.lines.updateOne({ _id: one.lineId }, { $set: { optedOutAt } })
    await raw.conversations.updateOne({ _id: one.id }, { $set: { optedOutAt } })
    const optedOut = async () => (await store.conversation(all, one.id))?.optedOut
    expect(await optedOut()).toBe(true)
    await giveNumber(store, one.contact.id, B)
    expect(await optedOut()).toBe(false)
    await giveNumber(store, one.contact.id, A)
    expect(await optedOut()).toBe(true)
  })
})

/** The process is killed at its n-th use of a collection. */
function dying(collections: Collections, steps: number): Collections {
  let left = steps
  const wrap = <T extends object>(collection: T): T =>
    new Proxy(collection, {
      get(target, name) {
        const method: unknown = Reflect.get(target, name)
        if (typeof method !== 'function') return method
        return (...args: unknown[]) => {
          if (left-- <= 0) throw new Error('Killed.')
          return Reflect.apply(method, target, args) as unknown
        }
      },
    })
  // Its version is read and written first.
  return { ...collections, lines: wrap(collections.lines), contacts: wrap(collections.contacts), addresses: wrap(collections.addresses) }
}
