// Faults at the server's door: who may call, how often, what is told, and the settings.
import type { FaultyFile } from './fault.ts'

const auth = ['test/http/auth.test.ts']
const config = ['test/server/config.test.ts']

export const httpFaults: FaultyFile[] = [
  {
    file: 'server/http/auth.ts',
    suites: auth,
    faults: [
      { name: 'a token names its own algorithm', find: ', algorithms: [algorithm] })', replace: ' })' },
      { name: 'an expired token is taken', find: 'if (exp <= now) throw', replace: 'if (exp <= now - 3600) throw' },
      { name: 'exp has a tolerance', find: 'if (exp <= now) throw', replace: 'if (exp <= now - 60) throw' },
      { name: 'a token may live for a week', find: '24 * 60 * 60', replace: '7 * 24 * 60 * 60' },
      { name: 'a token of the future is taken', find: 'iat > now + AHEAD_S || (', replace: '(' },
      { name: 'nbf is not looked at', find: ' || (nbf !== undefined && nbf > now + AHEAD_S)', replace: '' },
      { name: 'a clock that is a little ahead locks everybody out', find: 'AHEAD_S = 60', replace: 'AHEAD_S = 0' },
      {
        name: 'milliseconds are seconds',
        find: "      if (Math.max(iat, exp) > MILLISECONDS) throw invalid('iat and exp are in seconds, not milliseconds')\n",
        replace: '',
      },
      { name: 'another organization is taken', find: 'if (!ORGANIZATIONS.has(org)) throw', replace: "if (org === '') throw" },
      {
        name: 'the audience is not checked',
        find: '    ...(config.jwtAudience === null ? {} : { audience: config.jwtAudience }),\n',
        replace: '',
      },
      {
        name: 'the issuer is not checked',
        find: '    ...(config.jwtIssuer === null ? {} : { issuer: config.jwtIssuer }),\n',
        replace: '',
      },
      {
        name: 'no scope is every record',
        find: 'scope: coordinations ?? null',
        replace: 'scope: coordinations?.length ? coordinations : null',
      },
      { name: 'two ids become one', find: 'cleanText(text) === text', replace: 'text !== cleanText' },
      {
        name: 'the previous secret is refused',
        find: 'jwt.secrets.map(secretVerifyingKey)',
        replace: 'jwt.secrets.slice(0, 1).map(secretVerifyingKey)',
      },
      {
        name: 'any curve is taken',
        find: "key.asymmetricKeyType === 'ec' && key.asymmetricKeyDetails?.namedCurve === 'prime256v1'",
        replace: "key.asymmetricKeyType === 'ec'",
      },
      { name: 'a token of any length is verified', find: 'token.length > TOKEN_CHARS', replace: 'token.length > 1e9' },
    ],
  },
  {
    file: 'server/http/authenticate.ts',
    suites: ['test/http/limits.test.ts'],
    faults: [
      { name: 'expired tokens are not counted', find: " || error.code === 'token_expired'", replace: '' },
      { name: 'wrong tokens are not counted', find: "error.code === 'token_invalid' || ", replace: '' },
      {
        name: 'a right token is counted',
        find: '    return await auth.verify(token)\n',
        replace: '    limits.failedAuthentication(address)\n    return await auth.verify(token)\n',
      },
    ],
  },
  {
    file: 'server/http/rate-limit.ts',
    suites: ['test/http/limits.test.ts'],
    faults: [
      { name: 'three times the rate', find: 'perSecond: config.rateLimit,', replace: 'perSecond: config.rateLimit * 3,' },
      { name: 'a burst has no end', find: 'burst: config.rateLimit * BURST', replace: 'burst: config.rateLimit * 300' },
      { name: 'there is no burst', find: 'BURST = 3', replace: 'BURST = 1' },
      { name: 'all agents share one limit', find: 'JSON.stringify([orgId, agentId])', replace: 'orgId' },
      { name: 'a hundred wrong tokens a minute', find: 'FAILURES_A_MINUTE = 20', replace: 'FAILURES_A_MINUTE = 100' },
      { name: 'all addresses share one limit', find: "take('failures', address,", replace: "take('failures', ''," },
      { name: 'Retry-After is too short', find: 'Math.ceil(waitMs / 1000)', replace: 'Math.floor(waitMs / 1000)' },
      {
        name: '0 takes nothing',
        find: 'clock.elapsed()) ?? 0',
        replace: 'clock.elapsed()) ?? 1',
      },
    ],
  },
  {
    file: 'server/http/allowance.ts',
    suites: ['test/http/allowance.test.ts'],
    faults: [
      { name: 'what is refused counts', find: 'waitMs > 0 ? full : full + tokenMs', replace: 'full + tokenMs' },
      { name: 'a clock that was put back locks out', find: ', now + wholeMs)', replace: ', Number.POSITIVE_INFINITY)' },
      { name: 'a key that is quiet saves up', find: 'Math.max(fullAt.get(key) ?? now, now)', replace: '(fullAt.get(key) ?? now)' },
      { name: 'what others took is not taken from it', find: ' + spent * tokenMs', replace: '' },
      { name: 'keys are never forgotten', find: '    kept.delete(key)\n  }\n}', replace: '  }\n}' },
      { name: 'who asks most is forgotten first', find: '  kept.delete(key)\n  kept.set(key, value)', replace: '  kept.set(key, value)' },
      { name: 'the window does not slide', find: 'at <= now - spanMs', replace: 'at <= now - 2 * spanMs' },
      { name: 'one more than the most', find: 'times.length >= most', replace: 'times.length > most' },
    ],
  },
  {
    file: 'server/http/origin.ts',
    suites: ['test/http/origin.test.ts'],
    faults: [
      { name: 'any page may call', find: 'origin === undefined || allowed.has(origin)', replace: "origin === undefined || origin !== ''" },
      { name: 'our own pages may not call', find: '[...config.allowedOrigins, own.origin]', replace: 'config.allowedOrigins' },
      { name: 'localhost may call in production', find: 'if (config.demo) for', replace: 'for' },
      { name: 'null is an origin', find: 'allowed.has(origin)', replace: "(origin === 'null' || allowed.has(origin))" },
      { name: 'who sends no origin may not call', find: 'origin === undefined || allowed', replace: 'origin !== undefined && allowed' },
    ],
  },
  {
    file: 'server/rules/text-table.ts',
    suites: ['test/http/csv.test.ts', 'test/http/messages.test.ts'],
    faults: [
      { name: 'a text is a formula', find: "/^[=+\\-@\\t\\r]/.test(value) ? `'${value}` : value", replace: 'value' },
      { name: 'a tab in front is a formula', find: '[=+\\-@\\t\\r]', replace: '[=+\\-@]' },
      { name: 'a minus in front is a formula', find: '[=+\\-@\\t\\r]', replace: '[=+@\\t\\r]' },
      { name: 'quotes break a row', find: `.replaceAll('"', '""')`, replace: '' },
      { name: 'a comma breaks a row', find: '/[",\\r\\n]/', replace: '/["\\r\\n]/' },
      { name: 'a line break breaks a row', find: '/[",\\r\\n]/', replace: '/[",]/' },
    ],
  },
  {
    file: 'server/rules/log-table.ts',
    suites: ['test/http/csv.test.ts', 'test/http/messages.test.ts', 'test/rules/log.test.ts'],
    faults: [
      { name: 'a name is a formula', find: 'author: (m) => textCell(m.author.name)', replace: "author: (m) => m.author.name ?? ''" },
      { name: 'the last state is the first', find: 'if (at > sums.lastAt)', replace: 'if (at < sums.lastAt)' },
      { name: 'what came in counts as sent', find: "if (direction === 'outbound') {", replace: '{' },
    ],
  },
  {
    file: 'server/http/csv.ts',
    suites: ['test/http/csv.test.ts', 'test/http/messages.test.ts'],
    faults: [
      { name: 'the header stands on each page', find: "; ; head = ''", replace: '; ;' },
      { name: 'one page is all', find: 'if (nextCursor === null) return\n', replace: 'return\n' },
    ],
  },
  {
    file: 'server/describe-error.ts',
    suites: ['test/server/log.test.ts', 'test/http/problem-document.test.ts'],
    faults: [
      { name: 'a number stands in the log', find: "    .replace(/\\+?\\d[\\d\\s().-]{5,}\\d/g, '[number]')", replace: '' },
      { name: 'a quoted text stands in the log', find: `    .replace(/(["'\`]).*?\\1/gs, '[…]')\n`, replace: '' },
      { name: 'a token stands in the log', find: "    .replace(/\\beyJ[\\w-]+\\.[\\w.-]+/g, '[token]')\n", replace: '' },
      { name: 'the stack repeats the message', find: '/^\\s+at /.test(line)', replace: 'line' },
    ],
  },
  {
    file: 'server/http/problem-document.ts',
    suites: ['test/http/problem-document.test.ts', 'test/http/limits.test.ts', 'test/http/auth.test.ts'],
    faults: [
      {
        name: 'an unexpected error is told',
        find: "problem('internal', 'Something went wrong here. It was logged; try again later.')",
        replace: "problem('internal', String(error))",
      },
      {
        name: 'an unexpected error is not logged',
        find: "  log.error({ err: error }, 'a request failed unexpectedly')\n",
        replace: '',
      },
      {
        name: 'Retry-After is not sent',
        find: "  if (document.retryAfter !== undefined) response.setHeader('Retry-After', document.retryAfter)\n",
        replace: '',
      },
      {
        name: 'a problem is cached',
        find: "  response.setHeader('Cache-Control', 'no-store')\n",
        replace: '',
        suites: ['test/http/webhook-handler.test.ts'],
      },
    ],
  },
  {
    file: 'server/http/route.ts',
    suites: ['test/http/idempotency.test.ts'],
    faults: [
      { name: 'the header Idempotency-Key is ignored', find: 'definition.idempotent ? withKey(call) : call.body', replace: 'call.body' },
      { name: 'a key in quotes is another', find: `/^"(.*)"$/.exec(idempotencyKey)?.[1] ?? idempotencyKey`, replace: 'idempotencyKey' },
      { name: 'two keys are one', find: 'if (clientMessageId !== key)', replace: 'if (clientMessageId === undefined)' },
    ],
  },
  {
    file: 'server/http/create-http-server.ts',
    suites: ['test/http/create-http-server.test.ts'],
    faults: [
      {
        name: 'an offer of h2c gets no answer',
        find: 'takesSockets() && asksForSocket(request)',
        replace: 'takesSockets() && request.method !== undefined',
      },
      { name: 'an absolute address is another', find: "url.replace(/^https?:\\/\\/[^/?]*/i, '')", replace: 'url' },
      { name: 'an idle connection ends after five seconds', find: 'keepAliveSeconds * 1000', replace: '5_000' },
      {
        name: 'headers have less time than an idle connection',
        find: 'keepAliveTimeout + HEADERS_AFTER_MS',
        replace: 'keepAliveTimeout - HEADERS_AFTER_MS',
      },
    ],
  },
  {
    file: 'server/http/webhook-handler.ts',
    suites: ['test/http/webhook-handler.test.ts', 'test/inbox/webhooks.test.ts'],
    faults: [
      { name: 'a webhook may have a megabyte', find: 'BODY_BYTES = 64 * 1024', replace: 'BODY_BYTES = 1024 * 1024' },
      { name: 'a body in pieces is cut', find: ': Buffer.concat(chunks)', replace: ": (chunks[0] ?? Buffer.from(''))" },
      { name: 'GET is no webhook', find: " && request.method !== 'GET'", replace: '' },
    ],
  },
  {
    file: 'server/http/routes/messages.ts',
    suites: ['test/http/scope.test.ts', 'test/http/messages.test.ts'],
    faults: [
      { name: 'a message by id tells where it moved', find: 'showMessage(parts, found, call.caller.scope !== null)', replace: 'found' },
      { name: 'a first send and a repeat answer alike', find: 'sent.created ? 202 : 200', replace: '202' },
    ],
  },
  {
    file: 'server/team/show-message.ts',
    suites: ['test/http/scope.test.ts', 'test/http/messages.test.ts', 'test/inbox/media.test.ts'],
    faults: [
      {
        name: 'a list tells where a message moved',
        find: 'showMessage(parts, message, scope !== null)',
        replace: 'showMessage(parts, message, false)',
      },
      { name: 'media have no address', find: "one.state === 'ready'", replace: 'false', cases: 'M1' },
    ],
  },
  {
    file: 'server/log.ts',
    suites: ['test/server/log.test.ts'],
    faults: [{ name: 'all that an error carries stands in the log', find: ', serializers: { err: describeError }', replace: '' }],
  },
  {
    file: 'server/present.ts',
    suites: ['test/server/present.test.ts'],
    faults: [
      { name: 'a name as sender can be replied to', find: '      takesAnswers(state.channel, state.contact.address) &&\n', replace: '' },
      { name: 'who opted out can be replied to', find: '      !state.optedOut &&\n', replace: '' },
    ],
  },
  {
    file: 'server/config.ts',
    suites: config,
    faults: [
      { name: 'a secret of 16 bytes is taken', find: 'Buffer.byteLength(value) < 32', replace: 'Buffer.byteLength(value) < 16' },
      { name: 'signs are counted for bytes', find: 'Buffer.byteLength(value) < 32', replace: 'value.length < 32' },
      {
        name: 'demo mode runs in production',
        find: "if (demo && text('NODE_ENV') === 'production') wrong",
        replace: "if (demo && text('NODE_ENV') === 'never') wrong",
      },
      {
        name: 'demo mode begins beside real settings',
        find: 'demoAsked === undefined && real.length === 0',
        replace: 'demoAsked === undefined',
      },
      { name: 'demo mode listens to everybody', find: "(demo ? '127.0.0.1' : '0.0.0.0')", replace: "'0.0.0.0'" },
      { name: 'a private key verifies tokens', find: "pem.includes('PRIVATE KEY')", replace: "pem.includes('NO KEY')" },
      { name: 'a short RSA key is taken', find: '>= 2048', replace: '>= 512' },
      {
        name: 'the previous token of Twilio is forgotten',
        find: 'previousToken === undefined ? [authToken] : [authToken, previousToken]',
        replace: '[authToken]',
      },
      { name: 'the previous secret is forgotten', find: 'previous === undefined ? [secret] : [secret, previous]', replace: '[secret]' },
      {
        name: 'a public address with a path is taken',
        find: 'bareOrigin(publicText) === null)\n',
        replace: "bareOrigin(publicText) === '')\n",
      },
      {
        name: 'an address with a path is an origin',
        find: 'url.href === `${url.origin}/` && !',
        replace: 'url.href !== null && !',
      },
      { name: 'an empty list of origins is taken', find: '/^[\\s,]*$/.test(allowedText)', replace: "allowedText === 'none'" },
      { name: 'an encryption key of any length is taken', find: 'encryptionKey.length !== 32', replace: 'encryptionKey.length === 0' },
      {
        name: 'two ways to verify are taken',
        find: 'if (keys.length > 1) for',
        replace: 'if (keys.length > 2) for',
      },
      {
        name: 'one fault is said at a time',
        find: 'if (problems.length > 0) throw new ConfigError(problems)',
        replace: 'if (problems.length > 0) throw new ConfigError(problems.slice(0, 1))',
      },
      {
        name: 'a number with letters is a number',
        find: '/^\\d+$/.test(value) ? Number(value)',
        replace: 'value ? Number.parseInt(value, 10)',
      },
    ],
  },
]
