// `npm run hilo -- <command>`: the operator's command line.
import { ConfigError, readConfig } from '../config.ts'
import { loadEnvFile } from '../load-env-file.ts'
import { DomainError } from '../../shared/problems.ts'
import { previewPlans } from './automations.ts'
import { backUp } from './backup.ts'
import { eraseContact, exportContact } from './contact.ts'
import { copyDatabase } from './copy.ts'
import { restore } from './restore.ts'
import { sendTest } from './send.ts'
import { printToken } from './token.ts'
import { UsageError } from './usage-error.ts'

const commands = {
  token: {
    run: printToken,
    help: `token   a signed token, to try the API or the widget
          --sub ID (agent-1) --name NAME --role agent|supervisor|admin|service --coordinations a,b --hours N (8)`,
  },
  send: {
    run: sendTest,
    help: `send    a test message, through the running server
          --to NUMBER --channel whatsapp|sms (whatsapp) --text TEXT | --template NAME --var name=value …
          --coordination ID --url ADDRESS (http://127.0.0.1:PORT)`,
  },
  automations: {
    run: previewPlans,
    help: `automations --dry-run    what would be sent, to whom, when, and why not, from the running server; nothing is sent
          --until TIME (a day ahead) --coordinations a,b --url ADDRESS (http://127.0.0.1:PORT)`,
  },
  export: {
    run: exportContact,
    help: `export  everything that is held about one person, as one JSON document, from the running server
          --contact ID|CLIENT-ID|NUMBER --to FILE --url ADDRESS (http://127.0.0.1:PORT)`,
  },
  erase: {
    run: eraseContact,
    help: `erase   one person, for good: contact, conversations, messages, plans; an opt-out stays under the address
          --contact ID|CLIENT-ID|NUMBER --yes --url ADDRESS (http://127.0.0.1:PORT)`,
  },
  backup: { run: backUp, help: 'backup  the SQLite database, media and demo secret, also while the server runs\n          --to FOLDER' },
  restore: {
    run: restore,
    help: `restore a backup, while no server runs
          FOLDER --force (replaces what is there, and keeps it beside) --resume (nothing was sent since: what waits is sent)`,
  },
  copy: {
    run: copyDatabase,
    help: `copy    everything from one database into an empty one, while no server runs on either; killed, run it again
          --from sqlite:FILE|mongodb://… --to mongodb://…|sqlite:FILE --check (compares two that were copied)`,
  },
}

loadEnvFile('.env', process.env)
const [name = '', ...args] = process.argv.slice(2)
try {
  const command = Object.hasOwn(commands, name) ? commands[name as keyof typeof commands] : undefined
  if (command === undefined) throw new UsageError(name === '' ? 'Say which command.' : `There is no command "${name}".`)
  await command.run(readConfig(process.env), args)
} catch (error) {
  if (error instanceof ConfigError) console.error(error.problems.join('\n'))
  else if (error instanceof UsageError || isArgumentError(error))
    console.error(
      `${error.message}\n\nnpm run hilo -- <command> [options]\n\n  ${Object.values(commands)
        .map((one) => one.help)
        .join('\n  ')}`,
    )
  else if (error instanceof DomainError) console.error(error.message)
  else console.error(error)
  process.exitCode = 1
}

/** The errors that `util.parseArgs` throws for an unknown option. */
function isArgumentError(error: unknown): error is Error {
  return error instanceof Error && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS')
}
