// The demo host's own book: what its page shows of each event. Agents move an event, and clients confirm it by the button on their phone.
import type { z } from 'zod'
import type { coordinationBodies } from '../../shared/requests.ts'
import { saveCoordinations } from '../coordinations/save-coordinations.ts'
import type { Parts } from '../parts.ts'
import { seesAll } from '../store/sees-all.ts'
import { demoCaller } from './agents.ts'
import { type DemoRecord, demoTimezone, listDemoRecords, templateVariables } from './records.ts'

type Change = Partial<Pick<DemoRecord, 'startsAt' | 'state'>>
type Body = z.output<typeof coordinationBodies>[number]

export interface DemoBook {
  /** By date, the earliest first. */
  list(now: number): DemoRecord[]
  /** Writes all of it to Hilo, as it was kept there by an earlier start. */
  open(parts: Parts): Promise<void>
  /** Moves an event, and tells Hilo. Null: there is none, or it is over. */
  move(parts: Parts, id: string, startsAt: number): Promise<DemoRecord | null>
  /** By the client's word; Hilo is told by whoever answers its webhook with what this gives. Null: there is none, or it is over. */
  confirm(id: string, now: number): Body | null
  /** Until the answer is called; `end` where nothing more is to come. */
  onChange(hear: (id: string) => void, end: () => void): () => void
  close(): void
}

/** As Hilo is told of it. */
export function bodyOf(record: DemoRecord): Body {
  return {
    id: record.id,
    title: record.title,
    contact: { name: record.clientName, phone: record.phone },
    startsAt: record.startsAt,
    timezone: demoTimezone,
    status: record.state === 'done' || record.state === 'canceled' ? record.state : 'active',
    data: {
      ...{ ...templateVariables(record), saldo: record.balance, invitados: record.guests },
      ...(record.moved ? { movido: true, confirmado: record.state === 'confirmed' } : {}),
    },
  }
}

export function createDemoBook(): DemoBook {
  const changes = new Map<string, Change>()
  const listeners = new Map<(id: string) => void, () => void>()

  const list = (now: number): DemoRecord[] =>
    listDemoRecords(now)
      .map((record) => ({ ...record, ...changes.get(record.id), ...(changes.has(record.id) ? { moved: true } : {}) }))
      .sort((a, b) => a.startsAt.localeCompare(b.startsAt))
  const find = (id: string, now: number) =>
    list(now).find((one) => one.id === id && one.state !== 'done' && one.state !== 'canceled') ?? null
  function change(id: string, to: Change, now: number): DemoRecord | null {
    if (find(id, now) === null) return null
    changes.set(id, { ...changes.get(id), ...to })
    for (const hear of listeners.keys()) hear(id)
    return find(id, now)
  }

  return {
    list,
    async open(parts) {
      const now = parts.clock.now()
      const caller = demoCaller(now)
      const stale: Body[] = []
      for (const record of listDemoRecords(now)) {
        const known = await parts.store.coordination(seesAll(caller.orgId), record.id)
        const { startsAt = null, data } = known ?? {}
        const isAhead = startsAt !== null && Date.parse(startsAt) > now
        if (isAhead && data?.movido === true)
          changes.set(record.id, { startsAt, state: data.confirmado === true ? 'confirmed' : 'pending' })
        // Its days are counted from today: nobody moved it, and no client is to be told so.
        else if (known && startsAt !== record.startsAt) stale.push({ ...bodyOf(record), startsAt: null })
      }
      if (stale.length > 0) await saveCoordinations(parts, caller, stale)
      await saveCoordinations(parts, caller, list(now).map(bodyOf))
    },
    async move(parts, id, startsAt) {
      const now = parts.clock.now()
      const moved = change(id, { startsAt: new Date(startsAt).toISOString(), state: 'pending' }, now)
      if (moved !== null) await saveCoordinations(parts, demoCaller(now), [bodyOf(moved)])
      return moved
    },
    confirm(id, now) {
      const confirmed = change(id, { state: 'confirmed' }, now)
      return confirmed && bodyOf(confirmed)
    },
    onChange(hear, end) {
      listeners.set(hear, end)
      return () => listeners.delete(hear)
    },
    close() {
      for (const end of listeners.values()) end()
      listeners.clear()
    },
  }
}
