// The start with a hundred thousand records that have plans, and how long the next minute's due take to find.
import { automationBody } from '../../../shared/automations.ts'
import { identityKeys } from '../../../shared/phone.ts'
import { emptyPlan } from '../../../server/rules/record-plan.ts'
import { figure, median, type Row } from '../measure.ts'
import type { Options } from '../options.ts'
import { newDatabase } from '../processes.ts'
import { DAY_MS, openAgain, orgId, recordOf } from '../load/planned-records.ts'
import { startOnce } from './start.ts'

const AT_ONCE = 1000
const FOUND_MS = 50

export async function startPlanned({ quick, mongoUrl }: Options): Promise<Row[]> {
  const count = quick ? 10_000 : 100_000
  const databaseUrl = newDatabase(mongoUrl)
  const findMs = await fill(databaseUrl, count)
  const empty = newDatabase(mongoUrl)
  await startOnce(empty)
  const times: { planned: number[]; empty: number[] } = { planned: [], empty: [] }
  for (let i = 0; i < (quick ? 3 : 5); i++) {
    times.planned.push(await startOnce(databaseUrl))
    times.empty.push(await startOnce(empty))
  }
  const time = median(times.planned)
  const bare = median(times.empty)
  const records = count.toLocaleString('en')
  return [
    {
      what: `Start to ready, ${records} records with plans`,
      ours: figure(time, 'ms'),
      ...{ baseline: `${figure(bare, 'ms')} with none`, ratio: figure(time / bare), goal: '≤ 1000 ms', met: time <= 1000 },
    },
    {
      what: `The next fifty due of ${records}`,
      ours: figure(findMs, 'ms'),
      ...{ baseline: '', ratio: '', goal: `≤ ${FOUND_MS} ms`, met: findMs <= FOUND_MS },
    },
  ]
}

/** Answers how long fifty that are due take to find, ms. */
async function fill(databaseUrl: string, count: number): Promise<number> {
  const store = await openAgain(databaseUrl)
  const now = Date.now()
  const rule = automationBody.parse({ at: { relativeTo: 'startsAt', offset: '-PT24H' }, template: 'cita', channels: ['sms'] })
  await store.changeSetting(orgId, 'automation', 'dia', () => ({ rule, since: now }), now)
  for (let from = 0; from < count; from += AT_ONCE) {
    const inputs = Array.from({ length: AT_ONCE }, (_, i) => {
      const record = recordOf(from + i, now + (2 + ((from + i) % 30)) * DAY_MS)
      const rest = { timezone: null, url: null, status: 'active', agent: null, data: {} } as const
      return { ...record, ...rest, phoneKeys: identityKeys(record.contact.phone) }
    })
    await store.saveCoordinations(orgId, inputs, now, (_, after) => ({
      ...emptyPlan,
      since: { '*': now },
      nextDueAt: Date.parse(after.startsAt ?? '') - DAY_MS,
    }))
  }
  const times: number[] = []
  for (let i = 0; i < 9; i++) {
    const began = performance.now()
    await store.duePlans(now + 2 * DAY_MS, 50)
    times.push(performance.now() - began)
  }
  await store.close()
  return median(times)
}
