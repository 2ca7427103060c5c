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
]
