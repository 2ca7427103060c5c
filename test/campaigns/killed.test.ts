// The process that feeds a campaign is killed, ten times while it runs: each recipient gets its message exactly once. One whose sends
// were cut off twice is given up and said, as docs/delivery.md has it: whoever sends it again reaches that recipient once, too.
import { randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import type { CampaignShown } from '../../shared/campaigns.ts'
import type { Message } from '../../shared/model.ts'
import { createWorld } from '../server/server-process.ts'
import { serverUrl } from '../support/places/mongo.ts'
import { createRandom } from '../support/random.ts'
import { until } from '../support/until.ts'

const KILLS = 10
const RECIPIENTS = 100
/** A number of its own, that a carrier lets send faster than a new one. */
const fast = { TWILIO_SMS_RATE: '10' }
const seed = Number(process.env.SEED ?? Date.now() % 1_000_000_000)
const phones = Array.from({ length: RECIPIENTS }, (_, n) => `+549115${String(5_900_000 + n)}`)
const stores: [string, string | undefined][] = [
  ['SQLite', undefined],
  ...(serverUrl === undefined
    ? []
    : ([['MongoDB', serverUrl.replace(/^(mongodb:\/\/[^/?]+)(\/[^?]*)?/, `$1/hilo_killed_${randomBytes(6).toString('hex')}`)]] as [
        string,
        string,
      ][])),
]

test.concurrent.each(stores)(`on %s, with seed ${seed}`, { timeout: 900_000 }, async (_, databaseUrl) => {
  const below = createRandom(seed)
  const world = await createWorld(databaseUrl === undefined ? {} : { databaseUrl })
  try {
    const sent = () => world.simulator.ledger().accepted.length
    let server = await world.start(fast)
    const made = await world.call<{ campaign: CampaignShown }>('POST', '/api/campaigns', {
      ...{ name: 'Aviso', channel: 'sms', text: 'Hola', purpose: 'service', firstSlice: null, maxPerSecond: 100 },
      audience: { type: 'phones', phones },
    })
    const { id } = made.body.campaign
    expect((await world.call('POST', `/api/campaigns/${id}/start`)).status).toBe(200)
    for (let kill = 1; kill <= KILLS; kill++) {
      // In the middle of whatever it does by then: at a number of sends that nobody chose.
      const enough = Math.min(RECIPIENTS - 10, sent() + below(RECIPIENTS / KILLS))
      await until(() => sent() >= enough, { timeoutMs: 240_000, everyMs: 1, what: `${enough} sends` })
      await server.stop('SIGKILL')
      server = await world.start(fast)
    }
    const read = async () => (await world.call<CampaignShown>('GET', `/api/campaigns/${id}`)).body
    const { counts } = await until(
      async () => {
        const shown = await read()
        const { delivered, failed } = shown.counts
        return shown.status === 'done' && delivered + failed === RECIPIENTS ? shown : null
      },
      { timeoutMs: 300_000, everyMs: 100, what: 'the end' },
    )
    expect(counts).toMatchObject({ pending: 0, queued: 0, skipped: 0 })
    const reached = () => world.simulator.ledger().accepted.map(({ to }) => to)
    const { body: log } = await world.call<{ items: Message[] }>('GET', `/api/messages?campaignId=${id}&status=failed&limit=100`)
    expect(log.items).toHaveLength(counts.failed)
    for (const { id: messageId, error } of log.items) {
      expect(error?.reason).toBe('unsettled')
      expect((await world.call('POST', `/api/messages/${messageId}/retry`)).status).toBe(202)
    }
    await until(() => reached().length >= RECIPIENTS)
    expect(reached().toSorted()).toEqual(phones)
  } finally {
    await world.close()
  }
})
