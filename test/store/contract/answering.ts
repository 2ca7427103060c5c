// Who answered a thread since an agent last looked at it: only what was sent there, and is still there, holds a colleague's send.
import { expect } from 'vitest'
import { ANA, LUIS, noChecks, unsettledFailure } from '../../support/builders.ts'
import { cases } from '../case.ts'
import type { World } from '../world.ts'

const by = { id: 'agent-ana', name: 'Ana Díaz' }
const MARTA = { type: 'agent', id: 'agent-marta', name: 'Marta Ruiz' } as const

/** The result of a send by this agent, who has seen the thread up to this seq. */
const send = (w: World, conversation: { id: string }, author: typeof ANA, ifNoAnswerSince: number) =>
  w.store.enter(w.draft(conversation, { author }), { ...noChecks, ifNoAnswerSince })

/** A thread without a record: a client's message, then an answer by each of these. */
async function answered(w: World, ...authors: (typeof ANA)[]) {
  await w.save('ev-1')
  const { conversation } = await w.receive()
  const answers = []
  for (const author of authors) answers.push((await w.enter(conversation, { author, text: `de ${author.name}` })).message)
  for (const { id } of answers) await w.send(conversation).then((sent) => expect(sent.id).toBe(id))
  return { conversation, answers }
}

async function move(w: World, messages: readonly ({ id: string } | undefined)[], to: string | null) {
  const moved = await w.store.moveMessages(
    w.all,
    messages.flatMap((one) => one?.id ?? []),
    to,
    by,
    w.now(),
  )
  if (moved === null) throw new Error('Nothing was moved.')
  return moved
}

export const answeringCases = cases('answering', {
  async 'a message that was moved into a thread is no answer to it'(w) {
    const { answers } = await answered(w, LUIS)
    const { conversation: target } = await w.receive({ record: 'ev-1' })
    await move(w, answers, 'ev-1')
    expect(await w.conversation(target.id)).toMatchObject({ lastSeq: 2 })
    expect(await send(w, target, ANA, 1)).toMatchObject({ outcome: 'created' })
    expect(await send(w, target, MARTA, 1), 'what Ana sent there is one').toMatchObject({ outcome: 'answered', by: { author: ANA } })
  },

  async 'an answer that was moved away holds nobody where it was, until it is back'(w) {
    const { conversation, answers } = await answered(w, LUIS)
    const { undoId } = await move(w, answers, 'ev-1')
    expect(await send(w, conversation, ANA, 1)).toMatchObject({ outcome: 'created', message: { seq: 3 } })
    await w.store.undoMove(w.all, undoId, by, w.now())
    expect(await send(w, conversation, ANA, 1)).toMatchObject({ outcome: 'answered', by: { id: answers[0]?.id, seq: 2 } })
  },

  async 'before an answer that was moved away those count that are still there'(w) {
    const { conversation, answers } = await answered(w, ANA, LUIS, MARTA)
    await move(w, answers.slice(2), 'ev-1')
    expect(await send(w, conversation, ANA, 1)).toMatchObject({ outcome: 'answered', by: { author: LUIS } })
    expect(await send(w, conversation, MARTA, 1)).toMatchObject({ outcome: 'answered', by: { author: LUIS } })
    await move(w, answers.slice(1, 2), 'ev-1')
    expect(await send(w, conversation, MARTA, 1)).toMatchObject({ outcome: 'answered', by: { author: ANA } })
    expect(await send(w, conversation, ANA, 1)).toMatchObject({ outcome: 'created' })
  },

  async 'moved on and back again, it is still no answer; what comes after it is'(w) {
    const { conversation, answers } = await answered(w, LUIS)
    await move(w, answers, 'ev-1')
    await move(w, answers, null)
    expect(await w.message(answers[0]?.id ?? '')).toMatchObject({ conversationId: conversation.id, seq: 3 })
    expect(await send(w, conversation, ANA, 1)).toMatchObject({ outcome: 'created', message: { seq: 4 } })
    expect(await send(w, conversation, LUIS, 1)).toMatchObject({ outcome: 'answered', by: { author: ANA } })
  },

  async 'what failed as it came due answers nobody'(w) {
    const { conversation } = await w.receive()
    const planned = await w.store.schedule(w.draft(conversation, { author: LUIS, dueAt: w.now() }))
    if (planned.outcome !== 'created') throw new Error(planned.outcome)
    await w.store.enterScheduled(w.orgId, planned.message.id, w.now(), { failure: unsettledFailure })
    expect(await send(w, conversation, ANA, 1)).toMatchObject({ outcome: 'created', message: { seq: 3 } })
  },
})
