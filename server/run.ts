// The process: settings, server, signals. `main.ts` calls it.
import { existsSync } from 'node:fs'
import { DomainError } from '../shared/problems.ts'
import { ConfigError, readConfig } from './config.ts'
import { POLL_MS } from './inbox/recovery-loop.ts'
import { createServer } from './server.ts'

export async function run(env: NodeJS.ProcessEnv): Promise<void> {
  if (existsSync('.env')) process.loadEnvFile('.env')
  try {
    await start(env)
  } catch (error) {
    console.error(explain(error))
    process.exit(1)
  }
}

async function start(env: NodeJS.ProcessEnv): Promise<void> {
  const config = readConfig(env)
  const server = await createServer(config)
  const { log } = server.parts
  if (server.demo !== null) {
    console.log(`
  Hilo runs in demo mode. Nothing leaves this computer.

    Demo host page    ${server.url}/
    Simulated phone   ${server.url}/phone

  Write on the phone, answer from the button on the host page.
`)
  } else {
    log.info({ url: server.url, publicUrl: config.publicUrl }, 'Hilo is ready')
    if (server.polls)
      console.log(
        `\n  Nobody outside reaches ${config.publicUrl}: messages and ticks are read from Twilio every ${POLL_MS / 1000} seconds.\n`,
      )
    for (const channel of ['whatsapp', 'sms'] as const) {
      const ready = server.parts.senders.readiness(channel)
      if (!ready.ready) log.warn({ channel }, `Sends on this channel are refused: ${ready.reason}`)
    }
  }
  let stopping = false
  for (const signal of ['SIGTERM', 'SIGINT'] as const)
    process.on(signal, () => {
      // Asked twice: at once. Whatever was under way is settled at the next start.
      if (stopping) process.exit(1)
      stopping = true
      log.info({ signal }, 'Stopping')
      const hard = setTimeout(() => process.exit(1), 10_000)
      hard.unref()
      void server.close().then(
        () => process.exit(0),
        (error: unknown) => {
          log.error({ err: error }, 'Stopping failed')
          process.exit(1)
        },
      )
    })
}

function explain(error: unknown): string {
  if (error instanceof ConfigError)
    return `Hilo cannot start. ${error.problems.length} setting(s) to correct:\n  ${error.problems.join('\n  ')}`
  if (error instanceof DomainError) return `Hilo cannot start. ${error.message}`
  if (error instanceof Error && 'code' in error && error.code === 'EADDRINUSE')
    return 'Hilo cannot start. The port is taken by another program: stop that, or set PORT to another one.'
  return `Hilo cannot start. ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`
}
