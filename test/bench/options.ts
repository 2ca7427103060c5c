// Reads the command line.

export interface Options {
  quick: boolean
  /** Only cases whose name holds one of these; empty: all. */
  only: string[]
  /** MongoDB instead of SQLite. */
  mongoUrl: string | null
}

export const caseNames = [
  'ingest',
  'live',
  'send',
  'idle',
  'start',
  'processes',
  'media',
  'automations',
  'import',
  'history',
  'widget',
] as const
export type CaseName = (typeof caseNames)[number]
/** They take minutes. */
export const onlyByName: readonly CaseName[] = ['media', 'automations', 'import', 'history']

/** @throws Error with a sentence for what it does not know. */
export function readOptions(args: readonly string[], env: Readonly<Record<string, string | undefined>>): Options {
  const options: Options = { quick: false, only: [], mongoUrl: null }
  for (let i = 0; i < args.length; i++) {
    const value = args[i + 1]
    if (args[i] === '--quick') options.quick = true
    else if (args[i] === '--only' && value !== undefined) {
      options.only.push(...value.split(','))
      i++
    } else if (args[i] === '--store' && (value === 'sqlite' || value === 'mongo')) {
      if (value === 'mongo' && !env.MONGODB_URL) throw new Error('--store mongo needs MONGODB_URL, e.g. mongodb://127.0.0.1:27017/')
      options.mongoUrl = value === 'mongo' ? (env.MONGODB_URL ?? null) : null
      i++
    } else throw new Error(`Unknown: ${args[i]}. Use --quick, --only ${caseNames.join(',')}, --store sqlite|mongo.`)
  }
  const unknown = options.only.find((name) => !(caseNames as readonly string[]).includes(name))
  if (unknown !== undefined) throw new Error(`There is no case "${unknown}". There are ${caseNames.join(', ')}.`)
  return options
}
