// The store's facts about a line when an inbound message must be given to a record, and what it keeps of the answer.
import { expect } from 'vitest'
import { person, record, REMINDER } from '../../support/builders.ts'
import { cases } from '../case.ts'

export const routingCases = cases('routing', {
  async 'of a stranger nothing is known'(w) {
    expect(await w.factsFor()).toEqual({ quoted: null, lastOutbound: null, openCoordinations: [], closedCoordination: null })
  },

  async 'the message goes where the route says'(w) {
    await w.save('ev-1')
    const { message, conversation } = await w.receive({ record: 'ev-1' })
    expect(message.coordinationId).toBe('ev-1')
    expect(conversation).toMatchObject({
      coordinationId: 'ev-1',
      coordination: { id: 'ev-1', title: 'Boda ev-1', status: 'active' },
      hint: null,
    })
    const unfiled = await w.receive({ record: null })
    expect(unfiled.conversation.id).not.toBe(conversation.id)
  },

  async 'an unfiled conversation keeps the hint of a closed record'(w) {
    await w.save(record('ev-9', { status: 'done', title: 'Aniversario' }))
    expect(await w.factsFor()).toMatchObject({ openCoordinations: [], closedCoordination: 'ev-9' })
    const { conversation } = await w.receive({ hint: 'ev-9' })
    expect(conversation.hint).toEqual({ coordinationId: 'ev-9', title: 'Aniversario' })
  },

  async 'the open records of a client are found by every number of theirs'(w) {
    const client = person(1)
    await w.save(record('ev-1', { client }), record('ev-other', { client: person(2) }))
    expect((await w.factsFor({ from: client })).openCoordinations).toEqual(['ev-1'])
    await w.save(record('ev-2', { phoneKeys: ['+5491100000001', ...client.keys] }))
    expect((await w.factsFor({ from: client })).openCoordinations.toSorted()).toEqual(['ev-1', 'ev-2'])
    await w.save(record('ev-3', { client }), record('ev-4', { client }))
    expect((await w.factsFor({ from: client })).openCoordinations, 'more than two are not listed').toHaveLength(2)
    await w.save(...['ev-1', 'ev-3', 'ev-4'].map((id) => record(id, { client, status: 'canceled' })))
    expect((await w.factsFor({ from: client })).openCoordinations).toEqual(['ev-2'])
    expect((await w.factsFor({ from: person(3) })).openCoordinations).toEqual([])
  },

  async 'of several closed records the one with the latest message is the hint'(w) {
    await w.save('ev-1', 'ev-2')
    await w.receive({ record: 'ev-2' })
    await w.receive({ record: 'ev-1' })
    await w.save(record('ev-1', { status: 'done' }), record('ev-2', { status: 'canceled' }))
    expect((await w.factsFor()).closedCoordination).toBe('ev-1')
    await w.receive({ record: 'ev-2' })
    expect((await w.factsFor()).closedCoordination).toBe('ev-2')
  },

  async 'the last outbound message decides the line’s record, and says whether it is open'(w) {
    await w.save('ev-1', 'ev-2')
    const one = await w.receive({ record: 'ev-1' })
    const two = await w.receive({ record: 'ev-2' })
    expect((await w.factsFor()).lastOutbound).toBeNull()
    await w.enter(one.conversation)
    expect((await w.factsFor()).lastOutbound).toEqual({ coordinationId: 'ev-1', open: true })
    await w.enter(two.conversation, { author: REMINDER })
    expect((await w.factsFor()).lastOutbound, 'an automated one too').toEqual({ coordinationId: 'ev-2', open: true })
    await w.enter(one.conversation, { direction: 'internal', type: 'note', text: 'llamar' })
    expect((await w.factsFor()).lastOutbound, 'a note is not sent').toEqual({ coordinationId: 'ev-2', open: true })
    await w.store.schedule(w.draft(one.conversation, { dueAt: w.now() + 1000 }))
    expect((await w.factsFor()).lastOutbound, 'what is planned is not sent').toEqual({ coordinationId: 'ev-2', open: true })
    await w.save(record('ev-2', { status: 'done' }))
    expect((await w.factsFor()).lastOutbound).toEqual({ coordinationId: 'ev-2', open: false })
    expect((await w.factsFor({ channel: 'sms' })).lastOutbound, 'another line').toBeNull()
    const unfiled = await w.receive()
    await w.enter(unfiled.conversation)
    expect((await w.factsFor()).lastOutbound).toMatchObject({ coordinationId: null })
  },

  async 'filing makes a record the line’s last one'(w) {
    await w.save('ev-1', 'ev-2')
    const { conversation } = await w.receive({ record: 'ev-2' })
    await w.enter(conversation)
    const unfiled = await w.receive()
    await w.store.updateConversation(w.all, unfiled.conversation.id, { coordinationId: 'ev-1' })
    expect((await w.factsFor()).lastOutbound).toEqual({ coordinationId: 'ev-1', open: true })
  },

  async 'a quoted message is known where it is one of ours with this contact'(w) {
    await w.save('ev-1')
    const { conversation } = await w.receive({ record: 'ev-1' })
    const { message } = await w.enter(conversation, { text: '¿Confirma?' })
    const sid = w.newSid()
    await w.send(conversation, sid)
    expect((await w.factsFor({ quotedSid: sid, record: 'ev-1' })).quoted).toEqual({ coordinationId: 'ev-1', open: true })
    const answer = await w.receive({ quotedSid: sid, record: 'ev-1' })
    expect(answer.message.replyToId).toBe(message.id)
    expect((await w.factsFor({ quotedSid: w.newSid() })).quoted, 'an unknown one').toBeNull()
    expect((await w.factsFor({ quotedSid: sid, from: person(2) })).quoted, 'of another contact').toBeNull()
    expect((await w.neighbour().factsFor({ quotedSid: sid })).quoted, 'of another organization').toBeNull()
    expect((await w.receive({ quotedSid: sid, from: person(2) })).message.replyToId).toBeNull()
  },

  async 'of a quoted message it is known whether its record is closed, whoever has that record’s number by now'(w) {
    const { conversation } = await w.receive({ record: 'ev-never-saved' })
    const known = async (sid: string | null) => (await w.factsFor({ quotedSid: sid })).quoted
    await w.enter(conversation)
    const { twilioSid } = await w.send(conversation)
    expect(await known(twilioSid), 'the host never sent it').toEqual({ coordinationId: 'ev-never-saved', open: true })
    await w.store.saveCoordinations(w.orgId, [record('ev-never-saved', { client: person(2), status: 'canceled' })], w.now())
    expect(await known(twilioSid)).toEqual({ coordinationId: 'ev-never-saved', open: false })
  },

  async 'a quoted message of an unfiled thread is known as unfiled'(w) {
    const { conversation } = await w.receive()
    await w.enter(conversation)
    const sent = await w.send(conversation)
    expect((await w.factsFor({ quotedSid: sent.twilioSid })).quoted).toEqual({ coordinationId: null, open: false })
  },
})
