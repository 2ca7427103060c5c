// The work of agents besides writing: they cancel planned messages, send failed ones again, move messages to another record and
// back, label, close, snooze and file conversations.
import type { Conversation, Message } from '../../shared/model.ts'
import type { TortureAgent } from './agents.ts'
import type { Journal, Move } from './journal.ts'
import { type ClientRecords, recordsOf } from './records.ts'

type Dice = (limit: number) => number

export interface Desk {
  agents: readonly TortureAgent[]
  journal: Journal
  /** Which client has this number; -1: none of the run's. */
  indexOf(phone: string | null): number
}

/** An act: the agent and the moment are drawn already. Null: there is nothing to do it to. */
type Act = (agent: TortureAgent, dice: Dice) => Promise<void> | null

/** How often each comes, by the second. */
export function deskWork({ agents, journal, indexOf }: Desk): readonly { perSecond: number; act: Act }[] {
  const busy = new Set<string>()
  const pick = <T>(dice: Dice, list: readonly T[]): T | undefined => list[dice(Math.max(1, list.length))]
  const rowsOf = (agent: TortureAgent, fits: (records: ClientRecords) => boolean): Conversation[] =>
    [...agent.view.seen.conversations.values()].filter((row) => {
      const index = indexOf(row.contact.phone)
      return index >= 0 && fits(recordsOf(index))
    })
  const patch = (agent: TortureAgent, id: string, body: object) => agent.call('PATCH', `/api/conversations/${id}`, body)

  const cancel: Act = (agent, dice) => {
    const one = pick(dice, journal.later.slice(-20))
    if (one === undefined || journal.cancels.has(one.messageId)) return null
    // Whoever hears no answer does not know.
    journal.cancels.set(one.messageId, 'unknown')
    return agent.call<{ message: Message }>('POST', `/api/messages/${one.messageId}/cancel`, {}).then(({ status, body }) => {
      if (status === 200) journal.cancels.set(one.messageId, body?.message.status === 'canceled' ? 'canceled' : 'given up')
      else if (status === 409) journal.cancels.delete(one.messageId)
    })
  }

  const sendAgain: Act = (agent, dice) => {
    const failed = [...agent.view.seen.messages.values()].filter((one) => one.status === 'failed')
    const one = pick(dice, failed)
    return one === undefined ? null : retryMessage(agent, journal, one.id, one.error?.reason === 'unsettled')
  }

  /** "We cannot tell if it went out": sent again, knowing that it may come twice, or discarded. */
  const answer: Act = (agent, dice) => {
    const asked = rowsOf(agent, () => true).flatMap(({ lastMessage }) => (lastMessage?.status === 'unconfirmed' ? lastMessage.id : []))
    const id = pick(dice, asked)
    if (id === undefined || journal.cancels.has(id)) return null
    return dice(3) === 0 ? discardMessage(agent, journal, id).then(() => {}) : retryMessage(agent, journal, id, true)
  }

  const move: Act = (agent, dice) => {
    const row = pick(
      dice,
      rowsOf(agent, ({ filed, open, closed }) => !filed && open.length + closed.length > 0),
    )
    if (row === undefined) return null
    const { open, closed } = recordsOf(indexOf(row.contact.phone))
    const to =
      pick(
        dice,
        [null, ...open, ...closed].filter((id) => id !== row.coordinationId),
      ) ?? null
    const fits = (one: Message) =>
      one.conversationId === row.id &&
      one.seq !== null &&
      one.type === 'text' &&
      !busy.has(one.id) &&
      /received|delivered|read/.test(one.status)
    const some = [...agent.view.seen.messages.values()].filter(fits)
    const first = dice(Math.max(1, some.length))
    const chosen = some.slice(first, first + 1 + dice(3))
    if (to === row.coordinationId || chosen.length === 0) return null
    // Each message once, so that it is known where it has to be.
    for (const { id } of chosen) busy.add(id)
    const ids = chosen.map((one) => one.id)
    const old = chosen.map(({ id, conversationId, seq }) => ({ id, conversationId, seq: seq ?? 0 }))
    const asked = { from: Date.now(), to: Number.POSITIVE_INFINITY }
    const from = row.coordinationId
    const made: Move = { ids, from, to, old, asked, undoAsked: null, made: 'unknown', undone: false, undoId: '' }
    journal.moves.push(made)
    return agent.call<{ undoId: string }>('POST', '/api/messages/move', { ids, coordinationId: to }).then(({ status, body }) => {
      if (status === 200) {
        Object.assign(made, { made: true, undoId: body?.undoId ?? '' })
        asked.to = Date.now()
      } else if (status === 409) made.made = false
    })
  }

  const undo: Act = (agent, dice) => {
    const one = pick(dice, journal.moves.filter((move) => move.made === true && move.undone === false).slice(-6))
    if (one === undefined) return null
    one.undone = 'unknown'
    const asked = { from: Date.now(), to: Number.POSITIVE_INFINITY }
    one.undoAsked = asked
    return agent.call('POST', '/api/messages/move/undo', { undoId: one.undoId }).then(({ status }) => {
      if (status !== 200) return
      one.undone = true
      asked.to = Date.now()
    })
  }

  const label: Act = (agent, dice) => {
    // One agent for each conversation, one change at a time: then the last one holds.
    const row = pick(
      dice,
      rowsOf(agent, ({ filed }) => !filed).filter(({ id }) => agents[sum(id) % agents.length] === agent && !busy.has(id)),
    )
    if (row === undefined) return null
    const labels = {
      tags: [`t${dice(100)}`, 'vip'].slice(dice(2)),
      assigneeId: pick(dice, [null, ...agents.map(({ id }) => id)]) ?? null,
    }
    const before = journal.labels.get(row.id) ?? []
    busy.add(row.id)
    journal.labels.set(row.id, [...(before.length === 0 ? [{ tags: [], assigneeId: null }] : before), labels])
    return patch(agent, row.id, labels).then(({ status }) => {
      busy.delete(row.id)
      // A change without an answer may still have been made: it stays possible.
      if (status === 200 && before.length <= 1) journal.labels.set(row.id, [labels])
    })
  }

  const close: Act = (agent, dice) => {
    const row = pick(
      dice,
      rowsOf(agent, () => true),
    )
    if (row === undefined) return null
    journal.closed.add(row.id)
    const snoozed = { status: 'snoozed', snoozedUntil: new Date(Date.now() + 2_000 + dice(4_000)).toISOString() }
    return patch(agent, row.id, pick(dice, [{ status: 'closed' }, { status: 'open' }, snoozed]) ?? {}).then(() => {})
  }

  const file: Act = (agent, dice) => {
    const row = pick(
      dice,
      rowsOf(agent, ({ filed }) => filed),
    )
    if (row === undefined) return null
    const { open } = recordsOf(indexOf(row.contact.phone))
    return patch(agent, row.id, { coordinationId: pick(dice, [null, ...open]) ?? null }).then(() => {})
  }

  return [
    { perSecond: 0.8, act: cancel },
    { perSecond: 0.6, act: sendAgain },
    { perSecond: 0.3, act: answer },
    { perSecond: 0.6, act: move },
    { perSecond: 0.3, act: undo },
    { perSecond: 1, act: label },
    { perSecond: 0.4, act: close },
    { perSecond: 0.25, act: file },
  ]
}

/** Asked once; whoever hears no answer does not know. A later status may have healed it by now. */
export async function retryMessage(agent: TortureAgent, journal: Journal, id: string, knowingly: boolean): Promise<void> {
  const askedAt = Date.now()
  const { status, body } = await agent.call<{ message: Message }>('POST', `/api/messages/${id}/retry`, {})
  if (status === 202 || status === 0 || status >= 500)
    journal.retries.push({ of: id, newId: body?.message?.id ?? null, askedAt, takenAt: Date.now(), knowingly })
}

/** True: it was unconfirmed, and is given up. */
export async function discardMessage(agent: TortureAgent, journal: Journal, id: string): Promise<boolean> {
  const { status } = await agent.call('POST', `/api/messages/${id}/cancel`, {})
  if (status === 200) journal.cancels.set(id, 'given up')
  else if (status === 0 || status >= 500) journal.cancels.set(id, 'unknown')
  return status === 200
}

const sum = (text: string) => [...text].reduce((all, letter) => all + letter.charCodeAt(0), 0)
