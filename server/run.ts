// The process: settings, server, signals. `main.ts` calls it.
import { DomainError } from '../shared/problems.ts'
import { type Config, ConfigError, readConfig } from './config.ts'
import { POLL_MS } from './inbox/recovery-loop.ts'
import { loadEnvFile } from './load-env-file.ts'
import { createServer, type RunningServer } from './server.ts'

/** A container or a service manager kills what takes longer. */
const STOP_MS = 9_800

/** Ends with 0 after a stop that was asked for, with anything else otherwise: settings, a store that cannot be opened, a stop cut short. */
export async function run(env: NodeJS.ProcessEnv): Promise<void> {
  loadEnvFile('.env', env)
  let server: RunningServer | null = null
  let stopping = false
  for (const signal of ['SIGTERM', 'SIGINT'] as const)
    process.on(signal, () => {
      // While it starts, nothing was promised to anybody yet.
      if (server === null) process.exit(0)
      // Asked twice: at once. Whatever was under way is settled at the next start.
      if (stopping) process.exit(1)
      stopping = true
      stop(server, signal)
    })
  try {
    const config = readConfig(env)
    server = await createServer(config)
    greet(server, config)
  } catch (error) {
    console.error(explain(error))
    process.exit(1)
  }
}

function greet({ url, demo, polls, parts: { log, organizations } }: RunningServer, config: Config): void {
  for (const notice of config.notices) log.warn(notice)
  if (demo !== null) {
    console.log(`
  Hilo runs in demo mode. Nothing leaves this computer.

    Demo host page    ${url}/
    Simulated phone   ${url}/phone

  Write on the phone, answer from the button on the host page.
`)
    return
  }
  log.info({ url, publicUrl: config.publicUrl }, 'Hilo is ready')
  if (polls)
    console.log(
      `\n  ${config.twilioPoll ? 'As TWILIO_POLL asks' : `Nobody outside reaches ${config.publicUrl}`}: messages and ticks are read from Twilio every ${POLL_MS / 1000} seconds.\n`,
    )
  for (const { senders } of organizations)
    for (const channel of ['whatsapp', 'sms'] as const) {
      const ready = senders.readiness(channel)
      if (!ready.ready) log.warn({ channel }, `Sends on this channel are refused: ${ready.reason}`)
    }
}

function stop(server: RunningServer, signal: string): void {
  const { log } = server.parts
  log.info({ signal }, 'Stopping')
  const hard = setTimeout(() => {
    log.error('Stopping took too long and was cut short; what was under way is settled at the next start')
    process.exit(1)
  }, STOP_MS)
  hard.unref()
  server.close().then(
    () => {
      log.info('Stopped')
      process.exit(0)
    },
    (error: unknown) => {
      log.error({ err: error }, 'Stopping failed')
      process.exit(1)
    },
  )
}

function explain(error: unknown): string {
  if (error instanceof ConfigError)
    return `Hilo cannot start. ${error.problems.length} setting(s) to correct:\n  ${error.problems.join('\n  ')}`
  if (error instanceof DomainError) return `Hilo cannot start. ${error.message}`
  if (error instanceof Error && 'code' in error) {
    if (error.code === 'EADDRINUSE')
      return 'Hilo cannot start. The port is taken by another program: stop that, or set PORT to another one.'
    if (error.code === 'EADDRNOTAVAIL') return 'Hilo cannot start. HOST is no address of this machine: use 0.0.0.0 for all of them.'
    if (error.code === 'EACCES' && 'syscall' in error && error.syscall === 'listen')
      return 'Hilo cannot start. This user may not listen on that PORT: use one above 1023.'
    if ('path' in error)
      return `Hilo cannot start. ${error.path} cannot be used (${error.code}): see that this user may write there, and that there is room.`
  }
  return `Hilo cannot start. ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`
}
