// Acknowledged is durable: after SIGKILL in the turn of the last acknowledgement everything acknowledged is there, and
// nothing is there by half. Closing and opening again changes nothing, and cursors go on.
import { spawn } from 'node:child_process'
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect } from 'vitest'
import type { Message } from '../../../shared/model.ts'
import type { ConversationState } from '../../../server/store/records.ts'
import type { Store } from '../../../server/store/store.ts'
import { HOUR, noChecks, person } from '../../support/builders.ts'
import { cases } from '../case.ts'
import type { Plan } from '../durable-child.ts'
import { createMirror } from '../mirror.ts'
import { createWorld, type World } from '../world.ts'
import { broadcast } from '../watch.ts'

interface Ack {
  what: string
  result: {
    outcome?: string
    message?: Message
    conversation?: ConversationState
    changes?: { messages: Message[]; conversations: ConversationState[] }
    messages?: Message[]
    conversations?: ConversationState[]
  }
}

async function runChild(plan: Plan): Promise<Ack[]> {
  const program = fileURLToPath(new URL('../durable-child.ts', import.meta.url))
  // Into a file: a pipe whose reader is slow takes no more, and the child would have to wait in the midst of its work.
  const folder = mkdtempSync(join(tmpdir(), 'hilo-acks-'))
  const file = join(folder, 'acks')
  const output = openSync(file, 'w')
  try {
    const child = spawn(process.execPath, [program, JSON.stringify(plan)], { stdio: ['ignore', output, 'pipe'] })
    let errors = ''
    child.stderr?.setEncoding('utf8').on('data', (text: string) => (errors += text))
    const signal = await new Promise((resolve, reject) => {
      child.once('error', reject)
      child.once('close', (_code, by) => resolve(by))
    })
    if (signal !== 'SIGKILL') throw new Error(`The child ended by itself.\n${errors}`)
    return readFileSync(file, 'utf8')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as Ack)
  } finally {
    closeSync(output)
    rmSync(folder, { recursive: true })
  }
}

/** Opens a place of its own, which nobody else has open, after `before` was done to it. */
async function reopened(
  w: World,
  before: (address: string) => Promise<Ack[]>,
  then: (store: Store, acks: Ack[]) => Promise<void>,
): Promise<void> {
  const address = await w.places.create()
  try {
    const acks = await before(address)
    const store = await w.places.open(address)
    try {
      await then(store, acks)
    } finally {
      await store.close()
    }
  } finally {
    await w.places.remove(address)
  }
}

/** The newest state of everything that acknowledgements told. */
function told(acks: Ack[]): { messages: Message[]; conversations: ConversationState[] } {
  const messages = new Map<string, Message>()
  const conversations = new Map<string, ConversationState>()
  for (const { result } of acks) {
    for (const one of [...(result.changes?.messages ?? []), ...(result.messages ?? []), result.message])
      if (one && (messages.get(one.id)?.rev ?? -1) < one.rev) messages.set(one.id, one)
    for (const one of [...(result.changes?.conversations ?? []), ...(result.conversations ?? []), result.conversation])
      if (one && (conversations.get(one.id)?.rev ?? -1) < one.rev) conversations.set(one.id, broadcast(one))
  }
  return { messages: [...messages.values()], conversations: [...conversations.values()] }
}

export const durabilityCases = cases('durability', {
  async 'every acknowledged kind of write is there after the process was killed'(w) {
    await reopened(
      w,
      (address) => runChild({ module: w.places.module, address, orgId: w.orgId, kind: 'each', acks: 0 }),
      async (store, acks) => {
        const after = createWorld(store, w.places)
        const all = { ...after.all, orgId: w.orgId }
        expect(acks.at(-1)?.what).toBe('update')
        const { messages, conversations } = told(acks)
        for (const one of messages) expect(await store.message(all, one.id), one.text).toEqual(one)
        for (const one of conversations) {
          const found = await store.conversation(all, one.id)
          expect(found && broadcast(found)).toEqual(one)
        }
        expect(messages.map((one) => one.status).toSorted()).toEqual(
          ['queued', 'queued', 'read', 'received', 'received', 'received', 'scheduled', 'unconfirmed'].toSorted(),
        )
        const read = acks.find((one) => one.what === 'read')?.result as unknown as { conversationId: string }
        const ana = { ...all, agentId: 'agent-ana' }
        expect(await store.conversation(ana, read.conversationId)).toMatchObject({ readSeq: 2, status: 'closed', tags: ['vip'] })
        expect(await store.coordination(all, 'ev-2')).not.toBeNull()
        expect((await store.contacts(all, 'maría', { cursor: null, limit: 5 })).items).toMatchObject([{ name: 'Ana María' }])
      },
    )
  },

  async 'killed under load: what was acknowledged is there, nothing is by half, and repeats are repeats'(w) {
    await reopened(
      w,
      (address) => runChild({ module: w.places.module, address, orgId: w.orgId, kind: 'load', acks: 90 }),
      async (store, acks) => {
        const all = { orgId: w.orgId, agentId: 'auditor', scope: null }
        expect(acks.length).toBeGreaterThanOrEqual(90)
        const { messages, conversations } = told(acks)
        for (const one of messages)
          expect(await store.message(all, one.id)).toMatchObject({ text: one.text, seq: one.seq, conversationId: one.conversationId })
        for (const one of conversations) expect((await store.conversation(all, one.id))?.rev).toBeGreaterThanOrEqual(one.rev)
        const page = await store.conversations(all, { sort: 'activity', automated: true }, { cursor: null, limit: 50 })
        for (const one of page.items) {
          const seqs: (number | null)[] = []
          let inbound = 0
          for (let more = true; more; ) {
            const found = await store.messages(all, one.id, { after: seqs.length, limit: 100 })
            seqs.push(...(found?.items ?? []).map((each) => each.seq))
            inbound += (found?.items ?? []).filter((each) => each.direction === 'inbound').length
            more = found?.hasMore ?? false
          }
          expect(seqs).toEqual(Array.from({ length: one.lastSeq }, (_, index) => index + 1))
          expect(one.inboundCount).toBe(inbound)
        }
        const again = createWorld(store, w.places)
        for (const { message } of acks.slice(0, 10).map((ack) => ack.result)) {
          if (!message?.twilioSid) continue
          const repeated = await store.receive({ ...again.inbound({ twilioSid: message.twilioSid }), orgId: w.orgId }, () => ({
            coordinationId: null,
            hintId: null,
          }))
          expect(repeated).toMatchObject({ outcome: 'repeated', message: { id: message.id } })
        }
      },
    )
  },

  async 'closing and opening again changes nothing, and cursors go on'(w) {
    const address = await w.places.create()
    let store = await w.places.open(address)
    try {
      const before = createWorld(store, w.places)
      const mirror = createMirror(store, before.all)
      const { conversation } = await before.receive({ from: person(1) })
      await before.enter(conversation, { key: 'k' })
      const planned = await store.schedule(before.draft(conversation, { dueAt: before.now() + HOUR }))
      await store.markRead(before.all, conversation.id, 1)
      const lease = await store.takeLease(before.orgId, 'sender', 'server-1', HOUR)
      await mirror.sync()
      const states = [await store.conversation(before.all, conversation.id), await before.thread(conversation.id)]
      const { cursor } = mirror
      await store.close()
      await store.close()
      store = await w.places.open(address)
      await store.ping()
      const list = await store.messages(before.all, conversation.id, { after: 0, limit: 50 })
      expect([await store.conversation(before.all, conversation.id), list?.items]).toEqual(states)
      if (planned.outcome === 'created') expect(await store.message(before.all, planned.message.id)).toEqual(planned.message)
      expect(await store.takeLease(before.orgId, 'sender', 'server-2', HOUR)).toBeNull()
      expect(await store.takeLease(before.orgId, 'sender', 'server-1', HOUR)).toEqual(lease)
      await store.receive(before.inbound({ from: person(2) }), () => ({ coordinationId: null, hintId: null }))
      const synced = await store.sync(before.all, cursor, 50)
      expect(synced.full, 'a cursor stays valid over restarts').toBe(false)
      expect(synced.conversations.map((one) => one.contact.name)).toContain(person(2).name)
      expect(await store.enter(before.draft(conversation, { key: 'k' }), noChecks)).toMatchObject({ outcome: 'repeated' })
    } finally {
      await store.close()
      await w.places.remove(address)
    }
  },

  async 'a closed store says that it is not there'(w) {
    const address = await w.places.create()
    const store = await w.places.open(address)
    await store.close()
    try {
      await expect(store.ping()).rejects.toMatchObject({ code: 'unavailable' })
      await expect(store.receive(w.inbound(), () => ({ coordinationId: null, hintId: null }))).rejects.toMatchObject({
        code: 'unavailable',
      })
      await expect(store.conversation(w.all, w.newId())).rejects.toMatchObject({ code: 'unavailable' })
    } finally {
      await w.places.remove(address)
    }
  },

  async 'closing ends what is under way'(w) {
    const address = await w.places.create()
    let store = await w.places.open(address)
    try {
      const world = createWorld(store, w.places)
      const { conversation } = await world.receive({ from: person(4) })
      const entered = Array.from({ length: 5 }, () => world.enter(conversation))
      const receiving = Array.from({ length: 20 }, (_, index) => world.receive({ from: person(index % 3) }))
      const [closing, again] = [store.close(), store.close()]
      await expect(world.receive(), 'nothing begins after it').rejects.toMatchObject({ code: 'unavailable' })
      // None of what had begun is rejected.
      const written = [...(await Promise.all(entered)), ...(await Promise.all(receiving))]
      await Promise.all([closing, again])
      store = await w.places.open(address)
      for (const { message } of written) expect(await store.message(world.all, message.id)).toMatchObject({ id: message.id })
      const page = await store.conversations(world.all, { sort: 'activity', automated: true }, { cursor: null, limit: 50 })
      expect(page.items.reduce((sum, one) => sum + one.inboundCount, 0)).toBe(21)
      expect(page.items.reduce((sum, one) => sum + one.lastSeq, 0)).toBe(26)
    } finally {
      await store.close()
      await w.places.remove(address)
    }
  },
})
