// Records with appointments, the rules that remind of them, and how often each was written about.
import { systemClock } from '../../../server/clock.ts'
import { createIds } from '../../../server/ids.ts'
import { openStore } from '../../../server/store/open-store.ts'
import type { Store } from '../../../server/store/store.ts'
import { callApi } from '../api.ts'
import type { Started } from '../processes.ts'
import { clientNumber } from './webhooks.ts'

export const DAY_MS = 24 * 3600_000
export const orgId = 'default'
/** So that an automation may always go: by SMS there is no window. */
export const smsSettings = { TWILIO_PHONE_NUMBER: '+15558675310', TWILIO_SMS_RATE: '1000', AUTOMATED_LIMIT_PER_CONTACT_HOUR: '1000000' }
const AT_ONCE = 1000

export const recordOf = (n: number, startsAt: number) => ({
  id: `ev-${String(n).padStart(6, '0')}`,
  title: `Turno ${n}`,
  contact: { name: `Cliente ${n}`, phone: clientNumber(100_000 + n) },
  startsAt: new Date(startsAt).toISOString(),
})

export async function saveRules(server: Started): Promise<void> {
  await callApi(server, '/api/templates/cita', { language: 'es', body: 'Hola {{nombre}}, te esperamos: {{titulo}}' }, 'PUT')
  const rule = { template: 'cita', channels: ['sms'] }
  await callApi(server, '/api/automations/dia', { ...rule, at: { relativeTo: 'startsAt', offset: '-PT24H' } }, 'PUT')
}

export async function saveRecords(server: Started, records: readonly object[]): Promise<void> {
  for (let from = 0; from < records.length; from += AT_ONCE)
    await callApi(server, '/api/coordinations', records.slice(from, from + AT_ONCE), 'PUT')
}

export function openAgain(databaseUrl: string): Promise<Store> {
  return openStore(databaseUrl, { clock: systemClock, newId: createIds(systemClock.now) })
}

/** How often automations wrote about each record. */
export async function countAutomated(store: Store): Promise<Map<string, number>> {
  const counts = new Map<string, number>()
  const viewer = { orgId, agentId: 'bench', scope: null }
  let cursor: string | null = null
  do {
    const page = await store.messageLog(viewer, { authorType: 'automation' }, { cursor, limit: 200 })
    for (const { coordinationId } of page.items) counts.set(coordinationId ?? '', (counts.get(coordinationId ?? '') ?? 0) + 1)
    cursor = page.nextCursor
  } while (cursor !== null)
  return counts
}
