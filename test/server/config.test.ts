// Settings: all problems at once, each with its name, what is wrong and an example; demo mode only when it cannot be
// a mistake.
import { generateKeyPairSync } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { ConfigError, readConfig } from '../../server/config.ts'

const secret = 'x'.repeat(48)
const real = {
  PUBLIC_URL: 'https://chat.example.com',
  JWT_SECRET: secret,
  ALLOWED_ORIGINS: 'https://app.example.com',
}
const problemsOf = (env: Record<string, string>) => {
  try {
    readConfig(env)
    return []
  } catch (error) {
    if (error instanceof ConfigError) return error.problems
    throw error
  }
}

describe('settings', () => {
  test('none at all: demo mode, on this computer only', () => {
    expect(readConfig({})).toMatchObject({ demo: true, host: '127.0.0.1', port: 8080, databaseUrl: 'sqlite:data/hilo.db', jwt: null })
  })
  test.each(['TWILIO_ACCOUNT_SID', 'JWT_SECRET', 'PUBLIC_URL', 'ALLOWED_ORIGINS', 'DATABASE_URL'])(
    '%s alone is no demo: what is missing is named',
    (name) => {
      const values: Record<string, string> = {
        TWILIO_ACCOUNT_SID: `AC${'0'.repeat(32)}`,
        DATABASE_URL: 'sqlite:x.db',
        ...real,
      }
      const problems = problemsOf({ [name]: values[name] ?? '' })
      expect(problems.length).toBeGreaterThan(0)
      for (const missing of ['PUBLIC_URL', 'JWT_SECRET', 'ALLOWED_ORIGINS'])
        if (missing !== name) expect(problems.some((line) => line.startsWith(`${missing} is missing`))).toBe(true)
    },
  )
  test('demo mode is refused in production, asked for or not', () => {
    expect(problemsOf({ NODE_ENV: 'production', DEMO: '1' }).join()).toContain('DEMO is refused with NODE_ENV=production')
    expect(problemsOf({ NODE_ENV: 'production' }).join()).toContain('JWT_SECRET is missing')
  })
  test('DEMO=1 wins over real settings, DEMO=0 over none', () => {
    expect(readConfig({ DEMO: '1', DATABASE_URL: 'sqlite:other.db' })).toMatchObject({ demo: true })
    expect(problemsOf({ DEMO: '0' }).length).toBe(3)
  })
  test('without Twilio credentials it runs', () => {
    expect(readConfig(real)).toMatchObject({ demo: false, twilio: null, host: '0.0.0.0' })
  })
  test.each(['+03:00', '-0300', '+03', 'GMT+3', 'Mars/Olympus'])('a time zone that not every browser knows is refused: %s', (zone) => {
    expect(problemsOf({ ...real, TIMEZONE: zone })).toEqual([
      `TIMEZONE is no IANA time zone: "${zone}". Example: TIMEZONE=America/Argentina/Buenos_Aires`,
    ])
  })
  test('everything wrong is said at once, each with an example', () => {
    const problems = problemsOf({
      PORT: 'eighty',
      PUBLIC_URL: 'chat.example.com',
      JWT_SECRET: 'short',
      ALLOWED_ORIGINS: 'https://app.example.com/path',
      DATABASE_URL: 'postgres://x',
      TWILIO_ACCOUNT_SID: 'SK1',
      TWILIO_WHATSAPP_NUMBER: '4155238886',
      TWILIO_API_KEY: 'SK1',
      TIMEZONE: 'Mars/Olympus',
      LOCALE: 'fr',
      RATE_LIMIT: '-1',
      DEFAULT_COUNTRY: 'Argentina',
      ENCRYPTION_KEY: 'c2hvcnQ=',
      LOG_LEVEL: 'loud',
      SEND_LIMIT_PER_CONTACT_HOUR: '0',
    })
    for (const name of [
      'PORT',
      'PUBLIC_URL',
      'JWT_SECRET',
      'ALLOWED_ORIGINS',
      'DATABASE_URL',
      'TWILIO_ACCOUNT_SID',
      'TWILIO_WHATSAPP_NUMBER',
      'TWILIO_API_SECRET',
      'TIMEZONE',
      'LOCALE',
      'RATE_LIMIT',
      'DEFAULT_COUNTRY',
      'ENCRYPTION_KEY',
      'LOG_LEVEL',
      'SEND_LIMIT_PER_CONTACT_HOUR',
    ])
      expect(
        problems.filter((line) => line.startsWith(`${name} `) && line.includes(`Example: ${name}=`)),
        name,
      ).toHaveLength(1)
  })
  test('while a secret is rotated both are right', () => {
    const before = 'y'.repeat(48)
    expect(readConfig({ ...real, JWT_SECRET_PREVIOUS: before }).jwt).toEqual({ kind: 'secret', secrets: [secret, before] })
    const twilio = {
      TWILIO_ACCOUNT_SID: `AC${'0'.repeat(32)}`,
      TWILIO_AUTH_TOKEN: 'a'.repeat(32),
      TWILIO_AUTH_TOKEN_PREVIOUS: 'b'.repeat(32),
    }
    expect(readConfig({ ...real, ...twilio, TWILIO_WHATSAPP_NUMBER: '+14155238886' }).twilio?.authTokens).toEqual([
      'a'.repeat(32),
      'b'.repeat(32),
    ])
  })
  test.each(['JWT_SECRET', 'JWT_SECRET_PREVIOUS'])('%s has 32 bytes or more, whatever they are', (name) => {
    const problems = (value: string) =>
      problemsOf({ ...real, [name]: value }).filter((line) => line.startsWith(`${name} must have 32 bytes`))
    for (const short of ['x', 'x'.repeat(16), 'x'.repeat(31), 'ñ'.repeat(15), `${' '.repeat(20)}${'x'.repeat(16)}`])
      expect(problems(short), short).toHaveLength(1)
    for (const long of ['x'.repeat(32), 'ñ'.repeat(16)]) expect(problemsOf({ ...real, [name]: long }), long).toEqual([])
  })
  test('a problem never shows a secret', () => {
    expect(problemsOf({ ...real, JWT_SECRET: 'sh0rt-s3cret' }).join()).not.toContain('sh0rt-s3cret')
    expect(problemsOf({ ...real, TWILIO_AUTH_TOKEN: 'tok3n' }).join()).not.toContain('tok3n')
  })
  test.each([
    ['PORT', '0x1F90'],
    ['RATE_LIMIT', '2e1'],
    ['PUBLIC_URL', 'https://chat.example.com/hilo'],
    ['PUBLIC_URL', 'https://chat.example.com/?a=1'],
    ['PUBLIC_URL', 'https://user:pass@chat.example.com'],
    ['ALLOWED_ORIGINS', '*'],
    ['ALLOWED_ORIGINS', 'null'],
    ['ALLOWED_ORIGINS', 'https://app.example.com/back-office'],
    ['ALLOWED_ORIGINS', ' , '],
    ['DEFAULT_COUNTRY', 'XX'],
    ['DEFAULT_COUNTRY', 'ar'],
    ['TWILIO_API_URL', 'twilio.example.com'],
  ])('%s=%s is one problem, of that setting', (name, value) => {
    expect(problemsOf({ ...real, [name]: value })).toEqual([expect.stringMatching(new RegExp(`^${name} .* Example: ${name}=`))])
  })
  test('a key that cannot verify tokens is named at the start, not with each token', () => {
    const pemOf = (type: 'rsa' | 'ec', options: object, half: 'publicKey' | 'privateKey') =>
      generateKeyPairSync(type as 'ec', options as { namedCurve: string })[half].export({
        type: half === 'publicKey' ? 'spki' : 'pkcs8',
        format: 'pem',
      }) as string
    const { JWT_SECRET: _, ...rest } = real
    for (const pem of [
      '-----BEGIN PUBLIC KEY-----\nbm90IGEga2V5\n-----END PUBLIC KEY-----',
      'nothing like a key',
      pemOf('rsa', { modulusLength: 1024 }, 'publicKey'),
      pemOf('ec', { namedCurve: 'secp384r1' }, 'publicKey'),
      pemOf('ec', { namedCurve: 'P-256' }, 'privateKey'),
    ]) {
      const problems = problemsOf({ ...rest, JWT_PUBLIC_KEY: pem })
      expect(problems).toEqual([expect.stringMatching(/^JWT_PUBLIC_KEY .* Example: JWT_PUBLIC_KEY=/)])
      expect(problems.join()).not.toContain(pem.split('\n')[1] ?? pem)
    }
    const right = pemOf('ec', { namedCurve: 'P-256' }, 'publicKey')
    for (const pem of [right, right.replaceAll('\n', '\\n')])
      expect(readConfig({ ...rest, JWT_PUBLIC_KEY: pem }).jwt).toMatchObject({ kind: 'publicKey' })
  })
  test('a REDIS_URL beside SQLite is said to have no effect', () => {
    const redis = { REDIS_URL: 'redis://localhost:6379' }
    expect(readConfig({ ...real, ...redis }).notices).toEqual([expect.stringMatching(/^REDIS_URL has no effect with SQLite/)])
    expect(readConfig({ ...real, ...redis, DATABASE_URL: 'mongodb://localhost/hilo' }).notices).toEqual([])
  })
  test.each([
    ['redis+sentinel://a:26379', /^REDIS_URL does not name the primary .* Example: REDIS_URL=redis\+sentinel:\/\/\S+\/mymaster$/],
    ['redis://a:6379,redis://b:6379', /^REDIS_URL names its scheme, user and password once.* Example: REDIS_URL=redis\+cluster:\/\/\S+$/],
    ['redis-sentinel://a:26379/mymaster', /^REDIS_URL must begin with redis:\/\//],
  ])('a REDIS_URL %s is refused, and what it may be is said', (url, fault) => {
    expect(problemsOf({ ...real, REDIS_URL: url })).toEqual([expect.stringMatching(fault)])
  })
  test('quotes that docker hands on are no part of a value, and it is said whose they were', () => {
    const quoted = Object.fromEntries(Object.entries(real).map(([name, value], index) => [name, index % 2 ? ` '${value}' ` : `"${value}"`]))
    const { notices, ...config } = readConfig({ ...quoted, RATE_LIMIT: '"7"', PATH: '"/bin"' })
    const { notices: none, ...plain } = readConfig({ ...real, RATE_LIMIT: '7' })
    expect(config).toEqual(plain)
    expect(notices).toEqual([
      expect.stringMatching(/^Quotes around (?=.*PUBLIC_URL)(?=.*JWT_SECRET)(?=.*ALLOWED_ORIGINS)(?=.*RATE_LIMIT)(?!.*PATH)/),
    ])
    expect(none).toEqual([])
    expect(problemsOf({ ...real, PUBLIC_URL: '""' }).join()).toContain('PUBLIC_URL is missing')
    const odd = `"${'x'.repeat(40)}`
    expect(readConfig({ ...real, JWT_SECRET: odd }).jwt).toEqual({ kind: 'secret', secrets: [odd] })
  })
  test('a byte order mark before the first name is none of it', () => {
    const { JWT_SECRET: _, ...rest } = real
    expect(readConfig({ ...rest, '\ufeffJWT_SECRET': secret }).jwt).toEqual({ kind: 'secret', secrets: [secret] })
  })
  test.each([
    ['https://*.example.com', 'each origin'],
    ['*', 'each origin'],
    ['https://app.example.com,http://*:8080', 'each origin'],
  ])('ALLOWED_ORIGINS=%s can match nothing, and is named', (value, words) => {
    expect(problemsOf({ ...real, ALLOWED_ORIGINS: value })).toEqual([expect.stringContaining(words)])
    expect(problemsOf({ ...real, PUBLIC_URL: 'https://*.example.com' })).toHaveLength(1)
  })
  test.each([
    ['sqlite://data/hilo.db', 'sqlite:data/hilo.db'],
    ['sqlite:///var/lib/hilo.db', 'sqlite:/var/lib/hilo.db'],
    ['sqlite:////var/lib/hilo.db', 'sqlite:/var/lib/hilo.db'],
    ['sqlite://', 'sqlite:data/hilo.db'],
  ])('DATABASE_URL=%s would be a file at the root of the machine: refused, with %s', (value, meant) => {
    expect(problemsOf({ ...real, DATABASE_URL: value })).toEqual([expect.stringMatching(new RegExp(` Example: DATABASE_URL=${meant}$`))])
    expect(readConfig({ ...real, DATABASE_URL: meant }).databaseUrl).toBe(meant)
  })
  test('every example that is shown works as it stands', () => {
    const shown = (env: Record<string, string>) =>
      problemsOf(env).map((line) => {
        const [, name = '', value = ''] = / Example: ([A-Z_]+)=(.*)$/.exec(line) ?? []
        return [name, value] as const
      })
    const wrong = {
      PORT: 'x',
      PUBLIC_URL: 'x',
      JWT_SECRET: 'x',
      JWT_SECRET_PREVIOUS: 'x',
      ALLOWED_ORIGINS: '*',
      DATABASE_URL: 'x',
      REDIS_URL: 'x',
      TWILIO_ACCOUNT_SID: 'x',
      TWILIO_WHATSAPP_NUMBER: 'x',
      TWILIO_PHONE_NUMBER: 'x',
      TWILIO_MESSAGING_SERVICE_SID: 'x',
      TWILIO_API_URL: 'x',
      TWILIO_POLL: 'x',
      TWILIO_TYPING: 'x',
      TWILIO_WHATSAPP_RATE: 'x',
      KEEP_ALIVE_SECONDS: 'x',
      TIMEZONE: 'x',
      LOCALE: 'x',
      DEFAULT_COUNTRY: 'x',
      ENCRYPTION_KEY: 'x',
      LOG_LEVEL: 'x',
      DEMO: 'x',
      TWILIO_API_KEY: 'SK1',
    }
    const { JWT_SECRET: _, ...keyless } = real
    for (const env of [
      wrong,
      { DEMO: '0' },
      { ...keyless, JWT_PUBLIC_KEY: 'x' },
      { ...keyless, JWT_JWKS_URL: 'x' },
      { ...real, JWT_JWKS_URL: 'https://x.example.com' },
    ]) {
      const examples = shown(env)
      expect(examples.length).toBeGreaterThan(0)
      for (const [name, value] of examples) {
        const others = problemsOf({ ...env, [name]: value }).filter((line) => line.startsWith(`${name} `))
        expect(others, `${name}=${value}`).toEqual([])
      }
    }
  })
  test('the values of .env.example are right ones', () => {
    for (const [, name = '', value = ''] of readFileSync('.env.example', 'utf8').matchAll(/^# ([A-Z][A-Z_]+)=(.+)$/gm))
      expect(
        problemsOf({ ...real, ...(name === 'JWT_JWKS_URL' ? { JWT_SECRET: '' } : {}), [name]: value }).filter((line) =>
          line.startsWith(name),
        ),
        name,
      ).toEqual([])
  })
  test('half of a pair of credentials is an error', () => {
    expect(problemsOf({ ...real, TWILIO_AUTH_TOKEN: 'token' })).toEqual([expect.stringContaining('TWILIO_ACCOUNT_SID is missing')])
    expect(problemsOf({ ...real, TWILIO_ACCOUNT_SID: `AC${'0'.repeat(32)}` })).toEqual([
      expect.stringContaining('TWILIO_AUTH_TOKEN is missing'),
    ])
  })
  test('other names and forms are understood', () => {
    const config = readConfig({
      ...real,
      PUBLIC_URL: 'https://chat.example.com/',
      TWILIO_ACCOUNT_SID: `AC${'0'.repeat(32)}`,
      TWILIO_AUTH_TOKEN: 'new',
      TWILIO_AUTH_TOKEN_PREVIOUS: 'old',
      TWILIO_WHATSAPP_FROM: 'whatsapp:+14155238886',
      ALLOWED_ORIGINS: 'https://app.example.com, https://admin.example.com:8443/, HTTPS://Back.Example.com:443',
      TWILIO_API_URL: 'https://proxy.example.com/twilio/',
    })
    expect(config.publicUrl).toBe('https://chat.example.com')
    expect(config.twilio).toMatchObject({ whatsappNumber: '+14155238886', authTokens: ['new', 'old'] })
    expect(config.allowedOrigins).toEqual(['https://app.example.com', 'https://admin.example.com:8443', 'https://back.example.com'])
    expect(config.twilio?.apiUrl).toBe('https://proxy.example.com/twilio')
    const { PUBLIC_URL: _, ...rest } = real
    expect(readConfig({ ...rest, TWILIO_WEBHOOK_URL: 'https://hook.example.com/webhooks/twilio/message?x=1' }).publicUrl).toBe(
      'https://hook.example.com',
    )
  })
  test('.env.example names exactly what the code reads', () => {
    const written = [...readFileSync('.env.example', 'utf8').matchAll(/^# ([A-Z][A-Z_]+)=/gm)].map((match) => match[1])
    const read = [...readFileSync('server/config.ts', 'utf8').matchAll(/'([A-Z][A-Z]+(?:_[A-Z]+)*)'/g)].map((match) => match[1])
    const settings = new Set(read.filter((name) => name !== 'AR' && name !== 'BEGIN'))
    expect(new Set(written)).toEqual(settings)
    expect(new Set(written).size).toBe(written.length)
  })
})
