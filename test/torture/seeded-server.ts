// The server with one promise broken on purpose, by the name in its arguments: `--prove` starts it in the product's place.
import { systemClock } from '../../server/clock.ts'
import { readConfig } from '../../server/config.ts'
import { createIds } from '../../server/ids.ts'
import { createServer } from '../../server/server.ts'
import { openStore } from '../../server/store/open-store.ts'
import { createTwilioGateway } from '../../server/twilio/twilio-gateway.ts'
import { seededFaults } from './seeded-faults.ts'

const fault = seededFaults.find(({ name }) => name === process.argv[2])
const config = readConfig(process.env)
if (fault === undefined || config.twilio === null) throw new Error(`There is no seeded fault "${process.argv[2]}".`)
const clock = systemClock
const store = await openStore(config.databaseUrl, { clock, newId: createIds(() => clock.now()) })
const gateway = createTwilioGateway({
  settings: config.twilio,
  clock,
  statusCallback: `${config.publicUrl}/webhooks/twilio/status`,
  timeoutMs: undefined,
})
const server = await createServer(config, { store: fault.store?.(store) ?? store, gateway: fault.gateway?.(gateway) ?? gateway })
fault.publish?.(server.parts.publish)
process.once('SIGTERM', () => void server.close().finally(() => process.exit(0)))
