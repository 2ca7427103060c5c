// Faults in what goes by itself: too early, too late, twice, at night, to whom it should not, or not at all.
import type { FaultyFile } from './fault.ts'

export const automationFaults: FaultyFile[] = [
  {
    file: 'server/rules/automation.ts',
    suites: ['test/rules/automation.test.ts', 'test/automations/a-year.test.ts'],
    faults: [
      { name: 'a canceled record is reminded', find: "record.status !== 'active' ? 'canceled' : null", replace: 'null' },
      {
        name: 'what was due before is made up for',
        find: "  if (at <= Math.max(since, rule.since)) return 'past'\n",
        replace: '',
      },
      {
        name: 'a reminder comes behind what it reminds of',
        find: "  if (dueAt < startsAt && at >= startsAt) return 'past'\n",
        replace: '',
      },
      { name: 'nothing is ever missed', find: 'now > at + calendar.durationMs(rule.grace)', replace: 'false' },
      { name: 'who was answered is asked again', find: "base === 'lastInbound' && silence?.answered", replace: 'false' },
      {
        name: 'two reminders in one minute',
        find: 'Math.abs(other.at - one.at) < 60_000 &&',
        replace: 'Math.abs(other.at - one.at) < 0 &&',
      },
      { name: 'conditions are not asked', find: 'facts === null || holds(rule.when, facts.lookUp)', replace: 'facts !== undefined' },
      { name: 'what an agent moved goes when it was due', find: 'at: moved ?? way.at }', replace: 'at: way.at }' },
      { name: 'the calendar is not asked', find: 'const at = next ?? dueAt\n', replace: 'const at = dueAt\n' },
      { name: 'the first channel alone is tried', find: 'ways.find(({ skipped }) => skipped === null) ?? ', replace: '' },
    ],
  },
  {
    file: 'server/rules/calendar.ts',
    suites: ['test/rules/calendar.test.ts'],
    faults: [
      { name: 'holidays are open', find: 'calendar.holidays && holidays.has(date.toString())', replace: 'holidays.has("")' },
      { name: 'a second channel in a week', find: 'one.channel !== channel', replace: 'one.channel === undefined' },
      { name: 'one too many a day', find: '.length >= perDay)', replace: '.length > perDay)' },
      { name: 'one too many a week', find: 'week.length >= perWeek', replace: 'week.length > perWeek' },
      { name: 'a rule’s own quiet hours are not kept', find: 'quietHours && isDuring(quietHours, wall)', replace: 'isDuring.length > 9' },
    ],
  },
  {
    file: 'server/rules/fallback.ts',
    suites: ['test/rules/fallback.test.ts'],
    faults: [
      { name: 'a debt is told by another way', find: " && purpose !== 'collection'", replace: '' },
      { name: 'a second channel in a week', find: ' && !calendars[purpose].oneChannelAWeek', replace: '' },
      { name: 'what arrived goes again', find: "status === 'delivered' || ", replace: '' },
      { name: 'an SMS of an SMS', find: "channel !== 'whatsapp' || ", replace: '' },
      { name: 'a report of long ago sends one', find: 'now - Date.parse(failedAt) > STILL_NEWS_MS', replace: 'now < 0' },
      { name: 'what is over goes after all', find: 'Date.parse(expiresAt) <= now', replace: 'now < 0' },
      { name: 'a plan B of its own goes twice', find: 'planB !== undefined && !planB.byPolicy', replace: 'false' },
    ],
  },
]
