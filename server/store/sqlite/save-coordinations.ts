// Saves the host's records: many a few at a time, in the end all of them, also where a process is killed in between.
import { isFirstSave, isSameRecord, isShownAlike } from '../../rules/coordination.ts'
import { saveUnknown, type SavePlan } from '../../rules/record-plan.ts'
import type { Changes, CoordinationInput, CoordinationSaved } from '../records.ts'
import { changed } from './changed.ts'
import { touchConversations } from './conversation-row.ts'
import { dropSave, keepSave, leftSaves } from './left-saves.ts'
import { rowOfPlan, toPlanned } from './plans.ts'
import { type CoordinationRow, toCoordination } from './rows.ts'
import type { Sqlite } from './sqlite.ts'

/** More in one turn would hold up whoever writes and reads meanwhile. */
const A_TURN = 25

interface Saved {
  saved: CoordinationSaved[]
  changes: Changes
}

/** Many are kept whole first, then saved a few at a time: once that is there all of them will be, also when this process is killed. */
export async function saveCoordinations(
  sql: Sqlite,
  orgId: string,
  inputs: CoordinationInput[],
  now: number,
  plan: SavePlan = saveUnknown,
): Promise<Saved> {
  if (inputs.length <= A_TURN) return sql.write(() => saveTurn(sql, orgId, inputs, now, plan))
  const left = await keepSave(sql, orgId, inputs, now)
  const all: Saved = { saved: [], changes: changed(orgId) }
  for (let from = 0; from < inputs.length; from += A_TURN) {
    const some = inputs.slice(from, from + A_TURN)
    const { saved, changes } = await sql.write(() => {
      const done = saveTurn(sql, orgId, some, now, plan)
      if (from + A_TURN >= inputs.length) dropSave(sql, left)
      return done
    })
    all.saved.push(...saved)
    all.changes.conversations.push(...changes.conversations)
  }
  return all
}

function saveTurn(sql: Sqlite, orgId: string, inputs: readonly CoordinationInput[], now: number, plan: SavePlan): Saved {
  const shown = new Set<string>()
  const saved = inputs.map((input) => {
    const row = findRecord(sql, orgId, input.id)
    const before = row && toCoordination(row)
    if (before && isSameRecord(before, input)) return { created: false, changed: false, coordination: before }
    const coordination = toCoordination(save(sql, orgId, input, row, now, plan))
    if (!before || !isShownAlike(before, coordination)) for (const id of showing(sql, orgId, input.id)) shown.add(id)
    return { created: isFirstSave(before), changed: true, coordination }
  })
  return { saved, changes: changed(orgId, { conversations: touchConversations(sql, orgId, [...shown]) }) }
}

/** Completes what a killed process had begun; a record that was saved since stays as it is. */
export async function completeSaves(sql: Sqlite): Promise<void> {
  if (leftSaves(sql).length === 0) return
  await sql.write(() => {
    for (const { name, orgId, inputs, now, feed } of leftSaves(sql)) {
      const isLeft = ({ id }: CoordinationInput) => (findRecord(sql, orgId, id)?.feed ?? 0) <= feed
      saveTurn(sql, orgId, inputs.filter(isLeft), now, saveUnknown)
      dropSave(sql, name)
    }
  })
}

export function findRecord(sql: Sqlite, orgId: string, id: string): CoordinationRow | undefined {
  return sql.get<CoordinationRow>('SELECT * FROM coordinations WHERE org_id = ? AND id = ?', orgId, id)
}

function save(
  sql: Sqlite,
  orgId: string,
  input: CoordinationInput,
  before: CoordinationRow | undefined,
  now: number,
  plan: SavePlan,
): CoordinationRow {
  const row: CoordinationRow = {
    org_id: orgId,
    id: input.id,
    title: input.title,
    contact: JSON.stringify(input.contact),
    starts_at: input.startsAt,
    timezone: input.timezone,
    url: input.url,
    status: input.status,
    agent_id: input.agent?.id ?? null,
    agent_name: input.agent?.name ?? null,
    data: JSON.stringify(input.data),
    provisional: input.provisional ? 1 : 0,
    rev: (before?.rev ?? 0) + 1,
    created_at: before?.created_at ?? now,
    updated_at: now,
    feed: sql.turn(),
    next_due_at: null,
    plan: null,
  }
  Object.assign(row, rowOfPlan(plan(before ? toPlanned(before) : null, toCoordination(row), now)))
  const columns = Object.keys(row) as (keyof CoordinationRow)[]
  sql.run(
    `INSERT INTO coordinations (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})
     ON CONFLICT (org_id, id) DO UPDATE SET ${columns.map((column) => `${column} = excluded.${column}`).join(', ')}`,
    ...columns.map((column) => row[column]),
  )
  sql.run('DELETE FROM coordination_phones WHERE org_id = ? AND coordination_id = ?', orgId, input.id)
  for (const key of new Set(input.phoneKeys))
    sql.run('INSERT INTO coordination_phones (org_id, key, coordination_id) VALUES (?, ?, ?)', orgId, key, input.id)
  return row
}

/** Conversations that are about this record, or hint at it. */
function showing(sql: Sqlite, orgId: string, id: string): string[] {
  return sql
    .all<{ id: string }>(
      `SELECT id FROM conversations INDEXED BY conversations_by_record WHERE org_id = ? AND coordination_id = ?
       UNION ALL SELECT id FROM conversations INDEXED BY conversations_by_hint WHERE org_id = ? AND hint_id = ?`,
      orgId,
      id,
      orgId,
      id,
    )
    .map((row) => row.id)
}
