// Demo mode: the simulator in the place of Twilio, a secret of its own, and agents who need no password.
import { randomBytes } from 'node:crypto'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { dirname, join } from 'node:path'
import type { Logger } from 'pino'
import type { Clock } from '../clock.ts'
import type { Config, TwilioSettings } from '../config.ts'
import { saveCoordinations } from '../coordinations/save-coordinations.ts'
import type { OpeningTemplate } from '../templates/sandbox.ts'
import type { Parts } from '../parts.ts'
import { normalisedAddress } from '../../shared/phone.ts'
import { tell } from '../tell.ts'
import { simulatorContents } from '../simulator/content.ts'
import { demoSenders } from '../simulator/people.ts'
import { createSimulator, type Simulator } from '../simulator/simulator.ts'
import { demoCaller } from './agents.ts'
import { demoRecords } from './records.ts'
import { seedHistory } from './seed-history.ts'

const DAY_MS = 24 * 60 * 60_000

export interface DemoParts {
  twilio: TwilioSettings
  secret: string
  templates: readonly OpeningTemplate[]
  simulator: Simulator
  /** The phone's pages and its control interface, for the server's own port. */
  handlePhone(request: IncomingMessage, response: ServerResponse): boolean | Promise<boolean>
  seed(parts: Parts): Promise<void>
  close(): Promise<void>
}

/** The names of the simulator's numbered variables, by content. */
const openings: Record<string, readonly string[]> = {
  saludo: ['nombre', 'negocio'],
  saludo_en: ['name', 'business'],
  saludo_pt: ['nome', 'empresa'],
  sample_appointment_reminder: ['date', 'time'],
}

export async function startDemo(config: Config, { clock, log, url }: { clock: Clock; log: Logger; url: string }): Promise<DemoParts> {
  // Random for each start: the simulator and the server are the only two that need to know them.
  const accountSid = `AC${randomBytes(16).toString('hex')}`
  const authToken = randomBytes(16).toString('hex')
  const simulator = createSimulator({
    accountSid,
    authToken,
    senders: demoSenders,
    webhookUrl: `${url}/webhooks/twilio/message`,
    clock,
    log,
    defaultCountry: config.defaultCountry,
    timezone: config.timezone,
    // The simulator forgets at each start what the database remembers.
    trustUnknownWindows: true,
  })
  const { url: apiUrl } = await simulator.listen()
  const publicUrl = config.port === 0 ? url : config.publicUrl
  simulator.connect(publicUrl, url)
  return {
    twilio: {
      accountSid,
      authTokens: [authToken],
      apiKey: null,
      whatsappNumber: demoSenders.whatsapp,
      phoneNumber: demoSenders.sms,
      messagingServiceSid: null,
      apiUrl,
    },
    secret: await keptSecret(config),
    templates: simulatorContents.flatMap((content) => {
      const names = openings[content.friendlyName]
      if (names === undefined) return []
      const body = content.body.replace(/\{\{(\d+)\}\}/g, (whole, number: string) => {
        const name = names[Number(number) - 1]
        return name === undefined ? whole : `{{${name}}}`
      })
      return [{ name: content.friendlyName, language: content.language, body, contentSid: content.sid, contentVariables: names }]
    }),
    simulator,
    handlePhone: (request, response) => simulator.handle(request, response),
    async seed(parts) {
      simulator.on('dayPassed', ({ address }) => {
        const place = {
          orgId: demoCaller(0).orgId,
          channel: 'whatsapp',
          sender: demoSenders.whatsapp,
          key: normalisedAddress(address),
        } as const
        parts.store.closeWindow(place, clock.now() - DAY_MS, clock.now()).then(
          (changes) => tell(parts, changes),
          (error: unknown) => log.warn({ err: error }, 'The window could not be closed'),
        )
      })
      await saveCoordinations(parts, demoCaller(clock.now()), demoRecords(clock.now()))
      // A host that builds its own page begins with nothing that it did not make.
      if (config.jwt === null) await seedHistory(parts, demoCaller(clock.now()), simulator)
    },
    close: () => simulator.close(),
  }
}

/** Beside the database, so that a page left open keeps its session over a restart. */
async function keptSecret(config: Config): Promise<string> {
  const folder = config.databaseUrl.startsWith('sqlite:') ? dirname(config.databaseUrl.slice('sqlite:'.length)) : 'data'
  const file = join(folder, 'demo-secret')
  try {
    const kept = (await readFile(file, 'utf8')).trim()
    if (kept.length >= 32) return kept
  } catch {
    // The first start.
  }
  const secret = randomBytes(36).toString('base64url')
  await mkdir(folder, { recursive: true })
  await writeFile(file, `${secret}\n`, { mode: 0o600 })
  return secret
}
