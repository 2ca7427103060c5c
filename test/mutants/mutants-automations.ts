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
      {
        name: 'conditions are not asked',
        find: 'facts === null || holds(rule.when, withHours(facts.lookUp, calendar, at))',
        replace: 'facts !== undefined',
      },
      {
        name: 'what an agent moved goes when it was due',
        find: 'at: moved ?? way.at, decided, event: null }',
        replace: 'at: way.at, decided, event: null }',
      },
      { name: 'the calendar is not asked', find: 'const at = next ?? dueAt\n', replace: 'const at = dueAt\n' },
      { name: 'the first channel alone is tried', find: 'ways.find(({ skipped }) => skipped === null) ?? ', replace: '' },
    ],
  },
  {
    file: 'server/rules/automation.ts',
    suites: ['test/automations/run.test.ts', 'test/automations/replanned.test.ts'],
    faults: [
      { name: 'a run of a closed record', find: "event.rule !== undefined && record.status !== 'active'", replace: 'event.rule === ""' },
      { name: 'every rule answers a run', find: 'rule.name === named', replace: 'rule.name !== ""' },
      { name: 'what an agent decided is of one time alone', find: 'from === null ? key : `${rule.name}@${from}`', replace: 'key' },
      { name: 'what went goes again by another clock', find: 'plan.went[rule.name] === from', replace: 'plan.went[rule.name] === ""' },
      {
        name: 'what was taken out of an answer goes',
        find: "const why = takenOut(decided) ? 'canceled' : whyNoAnswer(",
        replace: 'const why = whyNoAnswer(',
      },
    ],
  },
  {
    file: 'server/automations/run-automation.ts',
    suites: ['test/automations/run.test.ts'],
    faults: [
      { name: 'records of others are written to', find: 'if (scope !== null && !scope.includes(id)) return null', replace: '' },
      { name: 'those who paid are asked', find: '|| !holds(rule.when, lookUp)', replace: '' },
      { name: 'any number of records at once', find: 'if (found.length > MOST)', replace: 'if (found.length < 0)' },
    ],
  },
  {
    file: 'server/automations/save-with-plans.ts',
    suites: ['test/automations/replanned.test.ts'],
    faults: [
      {
        name: 'a rule that came meanwhile is missed',
        find: 'isDeepStrictEqual(await rulesOf(store, orgId), rules)',
        replace: 'rules.length >= 0',
      },
    ],
  },
  {
    file: 'server/automations/plan-terms.ts',
    suites: ['test/automations/replanned.test.ts'],
    faults: [
      { name: 'holidays move nothing', find: ', [...holidays].toSorted()]', replace: ', holidays.size < 0]' },
      { name: 'a change before a crash is lost', find: 'else if (kept.value.terms !== terms)', replace: 'else if (kept.rev < 0)' },
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
  {
    file: 'server/rules/organization.ts',
    suites: ['test/rules/organization.test.ts', 'test/http/organization.test.ts'],
    faults: [
      { name: 'a reminder goes at night', find: 'reminder: calendarPresets.quiet_nights', replace: 'reminder: anyTime' },
      { name: 'an SMS goes by itself unasked', find: '{ service: false, reminder: false', replace: '{ service: true, reminder: false' },
      { name: 'the server’s time zone holds over its own', find: 'kept.timezone ?? defaults.timezone', replace: 'defaults.timezone' },
      { name: 'its own limits do not hold', find: '      kept.limits,\n', replace: '      {},\n' },
      { name: 'agents have the limit of automations', find: 'limits.agentsPerContactHour,', replace: 'limits.automatedPerContactHour,' },
      { name: 'automations have the limit of agents', find: 'limits.automatedPerContactHour,', replace: 'limits.agentsPerContactHour,' },
      { name: 'holidays are working days', find: 'holidays: new Set(holidays.map(({ date }) => date))', replace: 'holidays: new Set()' },
      { name: 'what was taken back stays', find: '.filter(([, value]) => value !== null)', replace: '' },
      { name: 'one channel forgets the other', find: 'over(kept.channels ?? {}, channels) }', replace: 'channels }' },
      {
        name: 'a calendar that was taken back stays',
        find: 'if (update === null) delete changed[one]',
        replace: 'if (update === null) continue',
      },
      {
        name: 'a part of a calendar begins anew',
        find: 'kept[one] ?? calendarOfPurpose[one], update',
        replace: 'calendarOfPurpose[one], update',
      },
      { name: 'a ready calendar is laid over what was', find: 'preset ? calendarPresets[preset] : before', replace: 'before' },
      { name: 'what cannot be read holds', find: 'read.success ? read.data : null', replace: '(setting?.value ?? {}) as KeptOrganization' },
    ],
  },
  {
    file: 'server/automations/carry-out.ts',
    suites: ['test/automations/automations.test.ts', 'test/automations/bad-input.test.ts'],
    faults: [
      { name: 'what happens meanwhile is forgotten', find: '!known.has(key) || waiting', replace: 'waiting' },
      {
        name: 'a record that was moved meanwhile is planned as it was',
        find: 'nextDueAt(latest, next,',
        replace: 'nextDueAt(record, next,',
      },
      {
        name: 'what waits for the morning is forgotten',
        find: 'if (answered.againAt !== null) waiting',
        replace: 'if (answered.againAt === 0) waiting',
      },
      {
        name: 'what waits for the morning goes at night',
        find: "item.at > work.now && (item.skipped === null || item.decided === 'skip')",
        replace: 'item.skipped !== null',
      },
      { name: 'what changed as it was looked up goes as it was', find: 'tries < MOST_TRIES', replace: 'tries < 1' },
      { name: 'what was done is done again', find: 'doneThrough: now, silence', replace: 'silence' },
    ],
  },
  {
    file: 'server/automations/carry-out.ts',
    suites: ['test/automations/run.test.ts'],
    faults: [
      {
        name: 'what others of its purpose sent does not count',
        find: 'contactedOf(parts, own, record, rules)',
        replace: 'contactedOf(parts, own, record, wanted)',
      },
    ],
  },
  {
    file: 'server/rules/opening-hours.ts',
    suites: ['test/rules/opening-hours.test.ts'],
    faults: [
      { name: 'holidays are working days', find: ' || holidays.has(date.toString())', replace: '' },
      { name: 'it opens when it opened already', find: '(time) => time > at', replace: '(time) => time > 0' },
    ],
  },
  {
    file: 'server/rules/retention.ts',
    suites: ['test/rules/retention.test.ts', 'test/retention/retention.test.ts'],
    faults: [
      { name: 'what is planned is erased', find: "status === 'scheduled' || ", replace: '' },
      { name: 'what is on its way is erased', find: ' || isOpen(status, twilioSid)', replace: '' },
      { name: 'what was said to a template is kept', find: 'template && { ...template, variables: {} }', replace: 'template' },
      { name: 'a pressed button is kept', find: 'button: ___, ', replace: '' },
      { name: 'all is old', find: 'now - retentionDays * 24 * 3600_000', replace: 'now' },
    ],
  },
  {
    file: 'server/rules/record-plan.ts',
    suites: ['test/automations/replanned.test.ts', 'test/rules/automation.test.ts'],
    faults: [{ name: 'what an agent decided is forgotten', find: 'planned.has(key) || isLate(key) || ', replace: '' }],
  },
  {
    file: 'server/automations/preview-automations.ts',
    suites: ['test/automations/automations.test.ts'],
    faults: [
      { name: 'records of others are shown', find: 'if (scope === null) return ids', replace: 'if (scope !== undefined) return ids' },
    ],
  },
  {
    file: 'server/store/sqlite/save-coordinations.ts',
    suites: ['test/store/sqlite.left-saves.test.ts'],
    faults: [{ name: 'what was saved since is written over', find: '?? 0) <= feed', replace: '?? 0) >= 0' }],
  },
  {
    file: 'server/automations/go-together.ts',
    suites: ['test/automations/run.test.ts', 'test/automations/go-together.test.ts'],
    faults: [
      {
        name: 'two records of a client go at once',
        find: 'Map.groupBy(all, clientOf)',
        replace: 'new Map(all.map((one) => [one, [one]]))',
      },
      { name: 'each write goes by itself', find: 'if (waiting.length < working) return', replace: '' },
    ],
  },
  {
    file: 'server/automations/enter-item.ts',
    suites: ['test/automations/automations.test.ts', 'test/automations/bad-input.test.ts'],
    faults: [
      { name: 'a loop is not cut', find: 'max: own.settings.automatedLimitPerContactHour', replace: 'max: 1_000_000' },
      { name: 'what is too late goes', find: 'if (item.missed) {', replace: 'if (item.missed && graceMs < 0) {' },
      {
        name: 'two processes send it twice',
        find: 'const key = itemKey(record.id, item.key)',
        replace: 'const key = itemKey(parts.newId(), item.key)',
      },
      { name: 'marketing goes to who wants none', find: "rule.purpose === 'marketing' ?", replace: "rule.name === '' ?" },
      {
        name: 'what may not go is not kept',
        find: 'return why && keepCanceled(parts, own, record, item, key, why)',
        replace: 'return null',
      },
      { name: 'a template without its values stops all', find: "    case 'template_variables_missing':\n", replace: '' },
    ],
  },
  {
    file: 'server/automations/gather-facts.ts',
    suites: ['test/automations/automations.test.ts', 'test/automations/bad-input.test.ts'],
    faults: [
      {
        name: 'a rule answers its own silence',
        find: "last.direction === 'outbound' && !byItself",
        replace: "last.direction === 'outbound'",
      },
      {
        name: 'an automation is an answer',
        find: "last.direction === 'outbound' && last.author.type === 'agent'",
        replace: "last.direction === 'outbound'",
      },
      { name: 'who opted out of marketing has a plan of it', find: "line.marketingOut && rule.purpose === 'marketing'", replace: 'false' },
    ],
  },
  {
    file: 'server/automations/known-events.ts',
    suites: ['test/automations/known-events.test.ts'],
    faults: [{ name: 'what is off is heard', find: 'enabled && at === undefined && on', replace: 'at === undefined && on' }],
  },
  {
    file: 'server/keep-read.ts',
    suites: ['test/automations/known-events.test.ts'],
    faults: [
      { name: 'what another process saved is never heard', find: '(await store.processes()) === null', replace: 'EVERY_MS > 0' },
      { name: 'alone it asks all the time', find: '      if ((await store.processes()) === null) return\n', replace: '' },
    ],
  },
  {
    file: 'server/automations/note-received.ts',
    suites: ['test/automations/automations.test.ts', 'test/automations/bad-input.test.ts'],
    faults: [{ name: 'what was missed for hours is answered', find: ' || recovered', replace: '' }],
  },
  {
    file: 'server/automations/walk-records.ts',
    suites: ['test/automations/automations.test.ts', 'test/automations/load.test.ts'],
    faults: [
      { name: 'a rule that changed meanwhile is done', find: ' || before.rev !== asking.rev', replace: '' },
      { name: 'the first page is all', find: 'page.length < PAGE || last === undefined', replace: 'page.length > 0' },
    ],
  },
]
