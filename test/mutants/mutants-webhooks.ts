// Faults in what the host is told: twice, never, by whom it should not be, or not signed.
import type { FaultyFile } from './fault.ts'

export const webhookFaults: FaultyFile[] = [
  {
    file: 'server/rules/delivery.ts',
    suites: ['test/rules/delivery.test.ts'],
    faults: [
      { name: 'a redirect is taken', find: 'status >= 200 && status < 300', replace: 'status >= 200 && status < 400' },
      {
        name: 'no answer is taken',
        find: 'status !== null && status >= 200 && status',
        replace: '(status ?? 200) >= 200 && (status ?? 200)',
      },
      { name: 'gone is tried for days', find: '=> status === 410', replace: '=> status === 411' },
      {
        name: 'it is tried for ever',
        find: "  if (wait === undefined) return { state: 'failed', attempts, dueAt: null, answer }\n",
        replace: '',
      },
      {
        name: 'a webhook that works again is off one day',
        find: 'return before.failingSince === null ? null : { f',
        replace: 'return before ? null : { f',
      },
      { name: 'the log forgets what may be found again', find: 'LOG_MS = 30 *', replace: 'LOG_MS = 3 *' },
      {
        name: 'told once more it is nearly given up',
        find: "return { state: 'waiting', attempts: 0,",
        replace: "return { state: 'waiting', attempts: 9,",
      },
      { name: 'what failed together comes again together', find: ' * (1 + spread / 10)', replace: '' },
      { name: 'an hour of failures switches a webhook off', find: 'failingSince >= OFF_AFTER_MS', replace: 'failingSince >= HOUR' },
      { name: 'it fails since its last attempt', find: 'before.failingSince ?? attempt.at', replace: 'attempt.at' },
      { name: 'an answer switches it on again', find: '  if (before.off !== null) return null\n', replace: '' },
    ],
  },
  {
    file: 'server/secrets.ts',
    suites: ['test/webhooks/secrets.test.ts'],
    faults: [
      { name: 'a secret stays as it is', find: 'if (key === null) return secret', replace: 'if (key !== undefined) return secret' },
      { name: 'it opens elsewhere', find: 'decipher.setAAD(Buffer.from(place))', replace: "decipher.setAAD(Buffer.from('a'))" },
      { name: 'the key before opens nothing', find: 'keys.encryptionKeyPrevious]', replace: 'null]' },
    ],
  },
  {
    file: 'server/webhooks/check-secrets.ts',
    suites: ['test/webhooks/secrets.test.ts'],
    faults: [
      {
        name: 'what is there is never sealed',
        find: 'if (isKeptRight(config, kept)) continue',
        replace: 'if (isKeptRight(config, kept) || secret) continue',
      },
    ],
  },
  {
    file: 'server/rules/host-events.ts',
    suites: ['test/rules/host-events.test.ts'],
    faults: [
      { name: 'what healed has failed', find: "message.status === 'failed' ?", replace: 'message.status ?' },
      { name: 'what is planned was sent', find: '  if (seq === null) return []\n', replace: '' },
      { name: 'a button is only a message', find: "message.button !== undefined && message.button.payload !== ''", replace: 'false' },
      { name: 'what happened before is told', find: 'event.at < since || ', replace: '' },
      { name: 'a kind is any that begins alike', find: 'one.slice(0, -1)', replace: 'one.slice(0, -2)' },
    ],
  },
  {
    file: 'server/webhooks/post-event.ts',
    suites: ['test/webhooks/loop.test.ts', 'test/webhooks/webhooks.test.ts'],
    faults: [
      { name: 'a host that hangs is waited for', find: 'TIMEOUT_MS = 15_000', replace: 'TIMEOUT_MS = 600_000' },
      { name: 'it is signed by another secret', find: 'new Signer(secret)', replace: 'new Signer(`whsec_${secret.slice(10)}AAAA`)' },
      { name: 'an answer without an end is read', find: 'size > MOST_BYTES', replace: 'size < 0' },
      { name: 'a redirect is not named', find: 'status >= 300 && status < 400', replace: 'status > 999' },
    ],
  },
  {
    file: 'server/webhooks/deliver.ts',
    suites: ['test/webhooks/loop.test.ts', 'test/webhooks/webhooks.test.ts'],
    faults: [
      { name: 'the answer to any event changes a record', find: "delivery.type === 'action'", replace: "delivery.id !== ''" },
      { name: 'an answer that was refused changes a record', find: 'isTaken(attempt) && ', replace: '' },
      { name: 'what is no more is told for days', find: "({ state: 'failed', dueAt: null, answer })", replace: '({ answer })' },
      { name: 'nobody notes that the host is gone', find: '  await noteHealth(parts, orgId, webhook, attempt)\n', replace: '' },
      { name: 'what was wrong with an answer is not told', find: 'fault === null ? attempt :', replace: 'fault !== null ? attempt :' },
    ],
  },
  {
    file: 'server/webhooks/take-answer.ts',
    suites: ['test/webhooks/webhooks.test.ts'],
    faults: [
      {
        name: 'an answer that names another record is taken',
        find: 'coordination.id !== undefined && coordination.id !== id',
        replace: 'false',
      },
      { name: 'an answer that cannot be read is silent', find: 'issue === undefined || issue.path.length === 0 ?', replace: 'issue ?' },
    ],
  },
  {
    file: 'server/webhooks/collect-events.ts',
    suites: ['test/webhooks/loop.test.ts', 'test/webhooks/webhooks.test.ts'],
    faults: [
      {
        name: 'a button that was pressed twice is told twice',
        find: " || (event.type === 'action' && (await isRepeated(event)))",
        replace: '',
      },
      { name: 'what could not be kept is lost', find: 'heard = [...events, ...heard]', replace: 'heard = [...heard]' },
      {
        name: 'an author that was not asked for is told',
        find: 'isWanted(one, event, now))\n        if',
        replace: 'one !== null)\n        if',
      },
    ],
  },
  {
    file: 'server/webhooks/own-feed.ts',
    suites: ['test/webhooks/loop.test.ts'],
    faults: [
      {
        name: 'a second webhook takes from the first what it was to hear',
        find: 'one.name !== name && isOn(one)',
        replace: "one.name === ''",
      },
      { name: 'a crash loses what was not told', find: 'await cursorOf(parts, orgId),\n', replace: 'null,\n' },
    ],
  },
  {
    file: 'server/webhooks/create-webhooks.ts',
    suites: ['test/webhooks/loop.test.ts', 'test/webhooks/webhooks.test.ts'],
    faults: [
      { name: 'a host that hangs holds all there are', find: 'const MOST = 6', replace: 'const MOST = 60' },
      { name: 'what is under way goes again', find: ' && !running.has(id)', replace: '' },
      { name: 'each process tells', find: '!closed() && (await leases.holds(orgId))', replace: '!closed()' },
      { name: 'the log grows for ever', find: 'clock.now() - LOG_MS', replace: '0' },
      { name: 'a second process never takes over', find: 'await leases.giveBackAll()\n', replace: '\n' },
    ],
  },
  {
    file: 'server/webhooks/save-webhook.ts',
    suites: ['test/webhooks/webhooks.test.ts'],
    faults: [
      { name: 'its secret is told to whoever asks', find: 'saved.secret === sealed ?', replace: "saved.secret !== '' ?" },
      {
        name: 'saved again it signs otherwise',
        find: 'body.secret === undefined && known !== null ? known.secret : sealed',
        replace: 'sealed',
      },
      {
        name: 'on again it hears what was meanwhile',
        find: 'known !== null && isOn(known) ? known.since : now',
        replace: 'known?.since ?? now',
      },
      {
        name: 'what is off stays off',
        find: '{ failingSince: null, off: null }',
        replace: '{ failingSince: null, off: known?.off ?? null }',
      },
    ],
  },
  {
    file: 'server/webhooks/may-be-private.ts',
    suites: ['test/webhooks/webhooks.test.ts'],
    faults: [
      { name: 'it goes unencrypted through the open', find: "url.protocol !== 'https:'", replace: "url.protocol === ''" },
      { name: 'it leads inside', find: 'isPrivateHost(url.hostname)', replace: 'isPrivateHost("example.com")' },
    ],
  },
  {
    file: 'server/webhooks/payload.ts',
    suites: ['test/webhooks/webhooks.test.ts'],
    faults: [
      {
        name: 'a sensitive text leaves',
        find: 'hideSensitive(showMessage(parts, found, false))',
        replace: 'showMessage(parts, found, false)',
      },
      { name: 'a button comes without its payload', find: "type === 'action' && found.button ?", replace: "type === '' && found.button ?" },
    ],
  },
]
