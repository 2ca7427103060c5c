// Faults in what server and widget both speak: numbers, texts, windows, statuses, templates.
import type { FaultyFile } from './fault.ts'

const words = ['test/shared/words.test.ts']
const phones = ['test/shared/phone.test.ts', 'test/shared/spellings.test.ts']

export const sharedFaults: FaultyFile[] = [
  {
    file: 'shared/segments.ts',
    suites: words,
    faults: [
      { name: 'a sign of the extended table takes one place', find: '[sign, 2] as const', replace: '[sign, 1] as const' },
      { name: 'an accent of the table needs UCS-2', find: 'èéùìò', replace: 'èùìò' },
      { name: 'one segment holds 153', find: 'fill(septets, 160, 153', replace: 'fill(septets, 153, 153' },
      { name: 'several segments hold 160 each', find: '160, 153,', replace: '160, 160,' },
      { name: 'one segment of UCS-2 holds 67', find: '        70,\n        67,', replace: '        67,\n        67,' },
      { name: 'several segments of UCS-2 hold 70 each', find: '        70,\n        67,', replace: '        70,\n        70,' },
      { name: 'an emoji takes one place', find: 'signs.map((sign) => sign.length)', replace: 'signs.map(() => 1)' },
      {
        name: 'a sign of two places is cut between two segments',
        find: 'if (size > left) [segments, left] = [segments + 1, each]',
        replace: 'if (left <= 0) [segments, left] = [segments + 1, each + left]',
      },
      { name: 'a full segment is two', find: 'units <= single', replace: 'units < single' },
      { name: 'a long SMS counts once', find: "channel === 'sms' ? countSegments(text).segments : 1", replace: '1' },
      { name: 'WhatsApp counts segments', find: "channel === 'sms' ? countSegments", replace: "channel === 'whatsapp' ? countSegments" },
    ],
  },
  {
    file: 'shared/window.ts',
    suites: words,
    faults: [
      { name: 'the window closes without a margin', find: '+ WINDOW_MS - WINDOW_MARGIN_MS', replace: '+ WINDOW_MS' },
      { name: 'the window is open a day longer', find: 'now < lastInboundAt + WINDOW_MS', replace: 'now < lastInboundAt + 2 * WINDOW_MS' },
      { name: 'the window is open at its very end', find: 'now < lastInboundAt', replace: 'now <= lastInboundAt' },
      { name: 'SMS has a window', find: "  if (channel === 'sms') return true\n", replace: '' },
      {
        name: 'SMS shows when its window ends',
        find: "channel === 'sms' || lastInboundAt === null ? null",
        replace: 'lastInboundAt === null ? null',
      },
      {
        name: 'a client who never wrote can be written to',
        find: 'return lastInboundAt !== null && now',
        replace: 'return lastInboundAt === null || now',
      },
      {
        name: 'the end that is shown is the margin’s',
        find: 'lastInboundAt + WINDOW_MS\n',
        replace: 'lastInboundAt + WINDOW_MS - WINDOW_MARGIN_MS\n',
      },
    ],
  },
  {
    file: 'shared/status.ts',
    suites: words,
    faults: [
      { name: 'a status of the same height replaces', find: 'ranks[next] > ranks[current]', replace: 'ranks[next] >= ranks[current]' },
      { name: 'a failure beats a receipt', find: 'failed: 5', replace: 'failed: 9' },
      { name: 'sent beats a failure', find: '  sent: 4', replace: '  sent: 6', suites: ['test/rules/merge-status.test.ts'] },
      {
        name: 'a read message stays delivered',
        find: '  delivered: 7',
        replace: '  delivered: 8',
        suites: ['test/rules/merge-status.test.ts'],
      },
      {
        name: 'what has an SID holds up its line',
        find: 'twilioSid === null && (status',
        replace: '(status',
        suites: ['test/rules/message.test.ts'],
      },
      {
        name: 'what is unconfirmed holds up nothing',
        find: " || status === 'unconfirmed')",
        replace: ')',
        suites: ['test/rules/message.test.ts'],
      },
    ],
  },
  {
    file: 'shared/templates.ts',
    suites: words,
    faults: [
      {
        name: 'a variable is named twice',
        find: "[...new Set([...body.matchAll(placeholder)].map((match) => match[1] ?? ''))]",
        replace: "[...body.matchAll(placeholder)].map((match) => match[1] ?? '')",
      },
      { name: 'an invisible value is one', find: "isBlank(variables[name] ?? '')", replace: 'variables[name] === undefined' },
      { name: 'what is missing vanishes', find: 'variables[name] ?? whole', replace: "variables[name] ?? ''" },
      {
        name: 'signs in a value mean something',
        find: 'body.replace(placeholder, (whole, name: string) => variables[name] ?? whole)',
        replace: 'placeholders(body).reduce((text, name) => text.replace(`{{${name}}}`, variables[name] ?? `{{${name}}}`), body)',
      },
      { name: 'spaces in a placeholder are no placeholder', find: '\\{\\{\\s*(', replace: '\\{\\{(' },
    ],
  },
  {
    file: 'shared/quiet.ts',
    suites: ['test/shared/quiet.test.ts'],
    faults: [
      { name: 'the last minute is quiet', find: 'from <= time && time < to :', replace: 'from <= time && time <= to :' },
      { name: 'the first minute is loud', find: 'from <= time && time', replace: 'from < time && time' },
      { name: 'nights are loud', find: 'time >= from || time < to', replace: 'time >= from && time < to' },
      { name: 'equal times are always quiet', find: 'from <= to ?', replace: 'from < to ?' },
      { name: 'the zone does not count', find: 'timeZone: timezone, ', replace: '' },
    ],
  },
  {
    file: 'shared/phone.ts',
    suites: phones,
    faults: [
      { name: 'a Brazilian number is two people', find: '`+55${brazil[1]}${brazil[3]}`]', replace: '`+55${brazil[1]}9${brazil[3]}`]' },
      { name: 'a Brazilian landline gets a 9', find: '(9?)([6-9]\\d{7})', replace: '(9?)(\\d{8})' },
      { name: 'a Mexican number is two people', find: 'return [`+52${mexico[2]}`, `+521${mexico[2]}`]', replace: 'return [address]' },
      { name: 'a Mexican number that lacks a digit finds somebody', find: '(1?)([2-9]\\d{9})', replace: '(1?)(\\d{9,10})' },
      {
        name: 'the 9 of an Argentine mobile makes another person',
        find: 'return [address, `+54${argentina[1]}`]',
        replace: 'return [address]',
      },
      {
        name: 'a number with the 9 and one without are one line',
        find: 'return [address, `+54${argentina[1]}`]',
        replace: 'return [`+54${argentina[1]}`, address]',
      },
      { name: 'a name as sender can be answered', find: "channel === 'whatsapp' || /^\\+?\\d+$/.test(address)", replace: 'true' },
      { name: 'a short code cannot be answered', find: '/^\\+?\\d+$/.test', replace: '/^\\+\\d+$/.test' },
    ],
  },
  {
    file: 'shared/parse-phone.ts',
    suites: phones,
    faults: [
      { name: 'digits of full width are no digits', find: "    .normalize('NFKC')\n", replace: '' },
      { name: 'marks of direction spoil a number', find: "    .replace(/\\p{Cf}/gu, '')\n", replace: '' },
      { name: 'dashes that do not break spoil a number', find: "    .replace(/[\\p{Pd}\\u2212]/gu, '-')\n", replace: '' },
      { name: 'tel: in front is refused', find: '(whatsapp|tel):', replace: '(whatsapp):' },
      { name: 'letters among digits are dropped', find: '  if (!/^[+\\d\\s().\\-/]+$/.test(plain)) return null\n', replace: '' },
      { name: 'what Mexico dialled before 2019 is refused', find: "defaultCountry === 'MX' ? '' : '$&'", replace: "'$&'" },
      { name: 'a Mexican prefix is taken off anywhere', find: "defaultCountry === 'MX' ? '' : '$&'", replace: "''" },
      { name: '00 in front is no plus', find: "`+${digits.replace(/^00/, '')}`", replace: '`+${digits}`' },
      {
        name: 'a form that WhatsApp still writes is refused',
        find: '  (number: string) => isAssigned(normalisedAddress(number)),\n',
        replace: '',
      },
      {
        name: 'a number of a new range is refused',
        find: '  (number: string) => parseByLength(number)?.isValid() === true,\n',
        replace: '',
      },
      { name: 'the own code in front means nothing', find: 'isOurs || (mayBeMobile', replace: '(mayBeMobile' },
      {
        name: 'a landline of here wins over a mobile of elsewhere',
        find: '(isOurs || (mayBeMobile(whole.number) && !mayBeMobile(national.number)) ? whole',
        replace: '(isOurs ? whole',
      },
      { name: 'elsewhere wins where both are mobiles', find: ' && !mayBeMobile(national.number))', replace: ')' },
      {
        name: 'an Argentine mobile without its 9 is a landline',
        find: " || (kind === 'FIXED_LINE' && parsed?.country === 'AR')",
        replace: '',
      },
      {
        name: 'a number with a plus is read as one of here',
        find: "  if (plain.startsWith('+')) return readInternational(plain, `+${digits}`)\n",
        replace: '',
      },
      {
        name: '+521 in Mexico is refused',
        find: 'normalised !== typed && parsePhoneNumberFromString(normalised)?.isPossible() ? typed : null',
        replace: 'null',
      },
      { name: 'numbers are shown without their code', find: 'formatInternational()', replace: 'formatNational()' },
    ],
  },
  {
    file: 'shared/is-blank.ts',
    suites: words,
    faults: [
      { name: 'zero-width signs show something', find: '\\p{Default_Ignorable_Code_Point}', replace: '' },
      { name: 'an empty pattern of Braille shows something', find: '\\u2800', replace: '' },
      { name: 'a control shows something', find: '\\p{Cc}', replace: '' },
      { name: 'one unseen sign makes all blank', find: '/^[\\s', replace: '/[\\s' },
    ],
  },
  {
    file: 'shared/cut-text.ts',
    suites: words,
    faults: [
      { name: 'a sign is cut in half', find: 'const end = signStart(text, maxUnits)', replace: 'const end = maxUnits' },
      { name: 'a code point is cut in half', find: 'cut.slice(0, -1) : cut', replace: 'cut : cut' },
    ],
  },
  {
    file: 'shared/is-timezone.ts',
    suites: ['test/server/config.test.ts'],
    faults: [{ name: 'an offset is a time zone', find: '  if (!/^[a-z]/i.test(name)) return false\n', replace: '' }],
  },
  {
    file: 'shared/fold-text.ts',
    suites: ['test/rules/search.test.ts'],
    faults: [
      { name: 'accents count', find: ".replace(/\\p{M}/gu, '')", replace: '' },
      { name: 'case counts', find: '.toLowerCase()', replace: '' },
    ],
  },
]
