// Demo mode: the simulator in the place of Twilio, a secret of its own, and agents who need no password.
import { randomBytes } from 'node:crypto'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { dirname, join } from 'node:path'
import type { Logger } from 'pino'
import type { Clock } from '../clock.ts'
import type { Config, TwilioSettings } from '../config.ts'
import type { OpeningTemplate } from '../templates/sandbox.ts'
import type { Parts } from '../parts.ts'
import { normalisedAddress } from '../../shared/phone.ts'
import { tell } from '../tell.ts'
import { simulatorContents } from '../simulator/content.ts'
import { demoSenders } from '../simulator/people.ts'
import { createSimulator, type Simulator } from '../simulator/simulator.ts'
import { demoCaller } from './agents.ts'
import { createDemoBook, type DemoBook } from './book.ts'
import { demoContents } from './contents.ts'
import { seedDay } from './seed-day.ts'
import { seedHistory } from './seed-history.ts'

const DAY_MS = 24 * 60 * 60_000

export interface DemoParts {
  twilio: TwilioSettings
  secret: string
  templates: readonly OpeningTemplate[]
  simulator: Simulator
  book: DemoBook
  /** The phone's pages and its control interface, for the server's own port. */
  handlePhone(request: IncomingMessage, response: ServerResponse): boolean | Promise<boolean>
  seed(parts: Parts): Promise<void>
  /** What is shown live on open pages ends. */
  endPages(): void
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
    contents: demoContents,
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
  const secret = await keptSecret(config)
  const book = createDemoBook()
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
    secret,
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
    book,
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
      await book.open(parts)
      // A host that builds its own page begins with nothing that it did not make.
      if (config.jwt !== null) return
      await seedDay(parts, { url, secret })
      await seedHistory(parts, demoCaller(clock.now()), simulator)
    },
    endPages() {
      simulator.endPages()
      book.close()
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
