// Faults in what several processes tell each other, and find in the feed.
import type { FaultyFile } from './fault.ts'

export const processesFaults: FaultyFile[] = [
  {
    file: 'server/processes/read-feed.ts',
    suites: ['test/processes/read-feed.test.ts'],
    faults: [
      {
        name: 'what a reading takes comes on top of the wait',
        find: 'EVERY_MS - (endedAt - begunAt)',
        replace: 'EVERY_MS',
      },
      { name: 'alone, it reads all the same', find: 'now < readUntil) await readSince', replace: 'now >= 0) await readSince' },
      { name: 'it stops as soon as the other is gone', find: 'LINGER_MS = 10_000', replace: 'LINGER_MS = 0' },
      { name: 'somebody who rings all the time keeps it reading all the time', find: 'LEAST_MS = 50', replace: 'LEAST_MS = 0' },
      { name: 'a doubt reads from now on', find: 'goBackTo(trail[0])', replace: 'goBackTo(trail.at(-1))' },
      {
        name: 'what a process wrote before it said that it is there is missed',
        find: 'trail.findLast(({ at }) => at <= before) ?? trail[0]',
        replace: 'trail.at(-1)',
      },
      { name: 'more than fits is told to nobody', find: '      lost(orgId)\n', replace: '' },
      { name: 'what is read again is told again', find: '      noteNews(known, one)\n', replace: '' },
    ],
  },
  {
    file: 'server/processes/known.ts',
    suites: ['test/processes/known.test.ts'],
    faults: [
      { name: 'an older rev makes it forget the newer', find: 'else if (!young.has(key)) young', replace: 'else young' },
      { name: 'what was told is remembered for ever', find: 'old = young', replace: 'old = new Map([...old, ...young])' },
      { name: 'what was told is forgotten at once', find: 'KEEP_MS = 8_000', replace: 'KEEP_MS = 80' },
    ],
  },
  {
    file: 'server/processes/exchange.ts',
    suites: ['test/processes/exchange.test.ts'],
    faults: [
      {
        name: 'clusters on one Redis hear each other',
        find: 'if (!text.startsWith(mine)) {',
        replace: 'if (!text.startsWith(mine.slice(0, 7))) {',
      },
      {
        name: 'a process hears itself',
        find: 'if (from === id) cameBack(number)',
        replace: 'if (from === id) {\n        cameBack(number)\n        act(from, body)\n      }',
      },
      { name: 'a gap is not noticed', find: 'number === before.n + 1', replace: 'number > before.n' },
      { name: 'what is large is carried', find: 'MOST_CHARS = 100_000', replace: 'MOST_CHARS = 10_000_000' },
      {
        name: 'what left a record is carried, and heard late',
        find: "one.kind !== 'changes' || one.changes.left.length === 0",
        replace: 'true',
      },
      {
        name: 'it speaks to a bell that is away',
        find: 'if (news.length === 0 || !isUp()) return',
        replace: 'if (news.length === 0) return',
      },
      { name: 'who is killed stays', find: 'now - at >= SILENCE_MS) forget', replace: 'now - at >= 100 * SILENCE_MS) forget' },
      {
        name: 'what comes back late counts as of now',
        find: 'beats.get(number) ?? heardAt',
        replace: 'clock.elapsed()',
      },
      { name: 'who ends stays', find: "say({ kind: 'bye' })", replace: '' },
      {
        name: 'who comes does not hear who is there',
        find: "      case 'hello':\n        say({ kind: 'presence', presence: presence() })",
        replace: "      case 'hello':",
      },
      { name: 'what is broken ends the process', find: '      ignored.broken++\n', replace: '      throw error\n' },
    ],
  },
  {
    file: 'server/rules/what-was-found.ts',
    suites: ['test/rules/what-was-found.test.ts'],
    faults: [
      {
        name: 'what another process entered wakes nobody',
        find: "if (message.status === 'queued') follows",
        replace: "if (message.status === 'sending') follows",
      },
      { name: 'whoever waits hears of nothing that another process sent', find: '    follows.settle.push(message.id)\n', replace: '' },
      { name: 'a line waits for what another process settled', find: '    released.add(lineId)\n', replace: '' },
      { name: 'every tick of long ago is told to all', find: 'enteredMsAgo < FRESH_MS', replace: 'enteredMsAgo >= 0' },
      {
        name: 'what entered a moment ago is told to viewers alone',
        find: 'enteredMsAgo !== null && enteredMsAgo < FRESH_MS',
        replace: 'false',
      },
    ],
  },
]
