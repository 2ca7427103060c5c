// A message that failed stays among its conversation's failures until somebody sends it again or puts it away, wherever it goes meanwhile.
import { expect } from 'vitest'
import { failAttempt, giveUp, putAwayMessage, unconfirm } from '../../../server/rules/message.ts'
import type { ConversationState } from '../../../server/store/records.ts'
import { carrierFailure, expiredFailure, person, record, unsettledFailure } from '../../support/builders.ts'
import { cases } from '../case.ts'
import type { World } from '../world.ts'

const by = { id: 'agent-ana', name: 'Ana Díaz' }

/** The next message of the line fails. */
async function fail(w: World, conversation: ConversationState, text: string) {
  await w.enter(conversation, { text })
  const claim = await w.claimed(conversation)
  await w.change(claim.message, failAttempt(claim, carrierFailure, w.now()))
  return claim.message
}
const listed = async (w: World, { id }: { id: string }) => (await w.conversation(id)).failures.map((one) => one.messageId)
const failing = async (w: World) => (await w.list({ failed: true })).map((one) => one.id)
const count = async (w: World) => (await w.store.countConversations(w.all)).failed

export const failureCases = cases('failures', {
  async 'what failed stays listed whatever comes after it, until it is put away'(w) {
    const { conversation } = await w.receive({ text: 'hola' })
    const first = await fail(w, conversation, 'uno')
    expect((await w.conversation(conversation.id)).failures).toEqual([{ messageId: first.id, error: carrierFailure }])
    const second = await fail(w, conversation, 'dos')
    await w.receive({ text: '¿sigue en pie?' })
    await w.enter(conversation, { text: 'sí' })
    await w.send(conversation)
    expect(await listed(w, conversation)).toEqual([first.id, second.id])
    expect([await failing(w), await count(w)]).toEqual([[conversation.id], 1])

    const put = await w.change(second, putAwayMessage)
    expect(put).toMatchObject({ changed: true, message: { status: 'failed', putAway: true } })
    expect(put.conversations, 'and it is told').toMatchObject([{ id: conversation.id, failures: [{ messageId: first.id }] }])
    expect(await w.change(second, putAwayMessage), 'once').toMatchObject({ changed: false })
    expect(await failing(w)).toEqual([conversation.id])
    await w.change(first, putAwayMessage)
    expect([await listed(w, conversation), await failing(w), await count(w)]).toEqual([[], [], 0])
  },

  async 'what has not failed cannot be put away'(w) {
    const conversation = await w.open()
    await w.enter(conversation)
    const { id } = await w.send(conversation)
    expect(await w.change({ id }, putAwayMessage)).toMatchObject({ changed: false, message: { status: 'sending' } })
    expect((await w.message(id)).putAway).toBeUndefined()
  },

  async 'what failed by a status is listed, and what arrives after all no more'(w) {
    const conversation = await w.open()
    const { id } = (await w.enter(conversation)).message
    const { twilioSid } = await w.send(conversation)
    const report = (status: 'failed' | 'delivered', failure: typeof carrierFailure | null) =>
      w.store.applyStatus({ orgId: w.orgId, messageId: null, twilioSid: twilioSid ?? '', status, failure, at: w.now() })
    const applied = await report('failed', carrierFailure)
    expect(applied).toMatchObject({ changes: { conversations: [{ id: conversation.id, failures: [{ messageId: id }] }] } })
    await report('failed', carrierFailure)
    expect(await listed(w, conversation)).toEqual([id])
    await report('delivered', null)
    expect([await listed(w, conversation), await failing(w)]).toEqual([[], []])
  },

  async 'what was given up and got through after all is listed no more, also where its receipt came first'(w) {
    const conversation = await w.open()
    const { message } = await w.enter(conversation)
    const claim = await w.claimed(conversation)
    await w.change(claim.message, unconfirm(claim))
    await w.change(message, giveUp(unsettledFailure, w.now()))
    expect(await listed(w, conversation)).toEqual([message.id])
    const twilioSid = w.newSid()
    const report = { orgId: w.orgId, twilioSid, failure: null, at: w.now() }
    expect(await w.store.applyStatus({ ...report, messageId: null, status: 'delivered' })).toMatchObject({ outcome: 'held' })
    await w.store.accepted(claim, { twilioSid, status: 'sending', at: w.now(), failure: null })
    expect(await w.message(message.id)).toMatchObject({ status: 'delivered' })
    expect(await listed(w, conversation)).toEqual([])
  },

  async 'statuses that come together list each their own'(w) {
    const conversations = await Promise.all([1, 2, 3, 4].map((n) => w.open({ client: person(n) })))
    const sent: { id: string; twilioSid: string; conversation: ConversationState }[] = []
    for (const conversation of conversations)
      for (let n = 0; n < 3; n++) {
        await w.enter(conversation)
        const { id, twilioSid } = await w.send(conversation)
        sent.push({ id, twilioSid: twilioSid ?? '', conversation })
      }
    const tell = (status: 'failed' | 'delivered', which: typeof sent) =>
      Promise.all(
        which.map(({ twilioSid }) =>
          w.store.applyStatus({
            orgId: w.orgId,
            messageId: null,
            twilioSid,
            status,
            failure: status === 'failed' ? carrierFailure : null,
            at: w.now(),
          }),
        ),
      )
    await tell('failed', sent)
    for (const conversation of conversations)
      expect((await listed(w, conversation)).toSorted()).toEqual(
        sent.filter((one) => one.conversation === conversation).map((one) => one.id),
      )
    const healed = sent.filter((_, index) => index % 3 !== 1)
    await Promise.all([tell('delivered', healed), tell('failed', sent)])
    for (const [n, conversation] of conversations.entries()) expect(await listed(w, conversation)).toEqual([sent[n * 3 + 1]?.id])
  },

  async 'what fails as it comes due is listed at once'(w) {
    const conversation = await w.open()
    const planned = await w.store.schedule(w.draft(conversation, { dueAt: w.now() + 1000 }))
    if (planned.outcome !== 'created') throw new Error(planned.outcome)
    expect(await w.change(planned.message, putAwayMessage)).toMatchObject({ changed: false })
    const failed = await w.store.enterScheduled(w.orgId, planned.message.id, w.pass(2000), { failure: expiredFailure })
    expect(failed).toMatchObject({ conversation: { failures: [{ messageId: planned.message.id, error: expiredFailure }] } })
    expect([await listed(w, conversation), await count(w)]).toEqual([[planned.message.id], 1])
  },

  async 'what is moved takes its failure along, and back'(w) {
    await w.save(record('ev-1'))
    const conversation = await w.open()
    const { id } = await fail(w, conversation, 'uno')
    const moved = await w.store.moveMessages(w.all, [id], 'ev-1', by, w.now())
    const there = (await w.list({ coordinationId: 'ev-1' }))[0]
    if (!moved || !there) throw new Error('It was not moved.')
    expect([await listed(w, conversation), await listed(w, there)]).toEqual([[], [id]])
    await w.store.undoMove(w.all, moved.undoId, by, w.now())
    expect([await listed(w, conversation), await listed(w, there)]).toEqual([[id], []])
  },

  async 'a thread that joins another brings its failures'(w) {
    await w.save(record('ev-1'))
    const unfiled = await w.open()
    const filed = await w.open({ record: 'ev-1' })
    const { id: there } = await fail(w, filed, 'allá')
    const { id: seen } = await fail(w, unfiled, 'visto')
    const { id: here } = await fail(w, unfiled, 'acá')
    await w.change({ id: seen }, putAwayMessage)
    const joined = await w.store.updateConversation(w.all, unfiled.id, { coordinationId: 'ev-1' })
    expect(joined?.conversation.id).toBe(filed.id)
    expect(await listed(w, filed)).toEqual([there, here])
    await w.change({ id: here }, putAwayMessage)
    expect(await listed(w, filed)).toEqual([there])
  },

  async 'at most twenty are listed, the newest'(w) {
    const conversation = await w.open()
    const ids: string[] = []
    for (let n = 0; n < 22; n++) ids.push((await fail(w, conversation, `n ${n}`)).id)
    expect(await listed(w, conversation)).toEqual(ids.slice(2))
  },
})
