// Twilio's catalogue of errors as agents meet it: each code has its own words in every language and one next right action; docs/failures.md
// is written from the same, so that it cannot drift.
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { catalogue, failureOf } from '../../server/twilio/errors.ts'
import { failureTextsEn } from '../../shared/failure-texts-en.ts'
import { failureTextsEs } from '../../shared/failure-texts-es.ts'
import { failureTextsPt } from '../../shared/failure-texts-pt.ts'
import { explainFailure } from '../../shared/failure-texts.ts'

const languages = { es: failureTextsEs, en: failureTextsEn, pt: failureTextsPt }

/** The codes that Twilio and Meta are known to answer to a message, and what an agent can do about each. */
const expected: Record<string, number[]> = {
  send_template: [21656, 63016, 63021, 63027, 63028, 63040, 63041, 63042, 131047],
  try_sms: [63003, 63024, 131026],
  fix_number: [21211, 21214, 21217, 21604, 21614, 21635, 30005, 30006],
  retry: [11200, 20429, 21611, 30001, 30003, 30008, 30022, 30023, 30036, 30410, 30450, 63010, 63012, 63017, 63018, 63019, 63038],
  none: [
    ...[
      12300, 20003, 20404, 21212, 21408, 21601, 21602, 21603, 21606, 21608, 21609, 21610, 21612, 21617, 21619, 21620, 21623, 21654, 21655,
      21703,
    ],
    ...[
      30002, 30004, 30007, 30009, 30010, 30019, 30034, 35115, 35118, 63001, 63005, 63007, 63013, 63014, 63015, 63020, 63032, 63034, 63049,
      63051,
    ],
    ...[63062, 130472, 131049, 131050],
  ],
}
const cases = Object.entries(expected).flatMap(([action, codes]) => codes.map((code) => [code, action] as const))

describe('each code', () => {
  test.each(cases)('%i has words of its own in three languages, and leads to: %s', (code, action) => {
    const failure = failureOf(code, null)
    expect(failure.action).toBe(action)
    expect(failure.message).not.toBe('')
    const texts = Object.values(languages).map((language) => language.codes[code])
    for (const text of texts) expect(text).toMatch(/^.{8,140}\.$/)
    expect(new Set(texts).size, 'no language has another’s').toBe(3)
  })
  test('none is missing here, and none has words without being known', () => {
    const known = cases.map(([code]) => code).toSorted((a, b) => a - b)
    expect(Object.keys(catalogue).map(Number)).toEqual(known)
    for (const { codes } of Object.values(languages)) expect(Object.keys(codes).map(Number)).toEqual(known)
  })
})

test('an unknown code is shown with Twilio’s own words, and may be tried again', () => {
  const failure = failureOf(99999, 'Something new')
  expect(failure).toMatchObject({ reason: 'unknown', action: 'retry' })
  expect(explainFailure(failureTextsEn, failure)).toBe('Nobody knows why. Something new')
})

test('an action has a button in every language', () => {
  for (const { actions } of Object.values(languages))
    for (const [action, label] of Object.entries(actions)) expect(label === '', action).toBe(action === 'none')
})

const rows = Object.entries(catalogue).map(([code, [reason, action]]) => {
  const button = failureTextsEn.actions[action] || (reason === 'opted_out' ? 'Ask for START' : '–')
  return `| ${code} | \`${reason}\` | ${failureTextsEn.codes[Number(code)]} | ${failureTextsEs.codes[Number(code)]} | ${button} |`
})

test('docs/failures.md says of each code what its card says', () => {
  const written = readFileSync('docs/failures.md', 'utf8')
  expect(written.split('\n').filter((line) => /^\| \d/.test(line))).toEqual(rows)
})
