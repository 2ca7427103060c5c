// Identity of numbers across the forms that WhatsApp and carriers write them in (edge-cases.md, rows P).
import { describe, expect, test } from 'vitest'
import { formatPhone, parsePhone } from '../../shared/parse-phone.ts'
import { identityKeys, normalisedAddress, takesAnswers } from '../../shared/phone.ts'

describe('identity keys', () => {
  test.each([
    ['P1, P6 Brazil with the ninth digit', '+5541988887777', ['+5541988887777', '+554188887777']],
    ['P3 Brazil without it: the normalised form first', '+554188887777', ['+5541988887777', '+554188887777']],
    ['a Brazilian landline is untouched', '+554133334444', ['+554133334444']],
    ['P8 Argentina with the mobile 9 also looks for the one without', '+5491123456789', ['+5491123456789', '+541123456789']],
    ['P8 and not the other way', '+541123456789', ['+541123456789']],
    ['P10 Mexico with 1', '+5215512345678', ['+525512345678', '+5215512345678']],
    ['P10 Mexico without 1', '+525512345678', ['+525512345678', '+5215512345678']],
    ['P11 Mexico with a digit less is untouched', '+521512345678', ['+521512345678']],
    ['P11 Britain is untouched', '+447911123456', ['+447911123456']],
    ['P11 partial numbers are untouched', '+55', ['+55']],
    ['P11 partial numbers are untouched', '+549', ['+549']],
    ['P15 an id is itself', 'IN.2081978709342942', ['IN.2081978709342942']],
  ])('%s: %s', (_, address, keys) => {
    expect(identityKeys(address)).toEqual(keys)
  })
  test('the two forms of one number share a line', () => {
    for (const [a, b] of [
      ['+5541988887777', '+554188887777'],
      ['+5215512345678', '+525512345678'],
    ] as const)
      expect(normalisedAddress(a)).toBe(normalisedAddress(b))
  })
})

test.each([
  ['whatsapp', '+5491122334455', true],
  ['whatsapp', 'AR.1A2B', true],
  ['sms', '+5491122334455', true],
  ['sms', '+123456', true],
  ['sms', '22000', true],
  ['sms', 'MiBanco', false],
  ['sms', 'A24', false],
  ['sms', '1-800-GO', false],
] as const)('a number, a short code or an id of WhatsApp can be answered, a name by SMS not: %s %s', (channel, address, takes) => {
  expect(takesAnswers(channel, address)).toBe(takes)
})

describe('what people type', () => {
  test.each([
    ['+54 9 11 2233-4455', '+5491122334455'],
    ['whatsapp:+14155238886', '+14155238886'],
    ['(011) 2233-4455', '+541122334455'],
    ['+55 41 98888 7777', '+5541988887777'],
    ['+521 55 1234 5678', '+5215512345678'],
    ['0054 9 11 2233 4455', '+5491122334455'],
    ['549 11 2233-4455', '+5491122334455'],
    ['(351) 15-123-4567', '+5493511234567'],
    ['+54 (9) 11 2233–4455', '+5491122334455'],
    ['\u202a+54\u00a09 11 2233\u20114455\u202c', '+5491122334455'],
    ['tel:+5491122334455', '+5491122334455'],
    ['＋５４９１１２２３３４４５５', '+5491122334455'],
    ['+1 (415) 523-8886', '+14155238886'],
    ['+44 20 7946 0958', '+442079460958'],
    ['11 15 2233 4455', '+5491122334455'],
    ['+54 0351 15 1234567', '+5493511234567'],
    ['14155238886', '+14155238886'],
    ['5215512345678', '+5215512345678'],
    ['00598 99 123 456', '+59899123456'],
    // With its plus it need only be long enough: its range may be newer than what is known of it.
    ['+1 999 555 0100', '+19995550100'],
  ])('%s → %s', (typed, e164) => {
    expect(parsePhone(typed, 'AR')).toBe(e164)
  })
  test.each([
    'nobody',
    '',
    '12',
    '+',
    'AR.1A2B',
    '1-800-FLOWERS',
    '15 2233 4455',
    '+54 9 11 5482-3391 ext 5',
    '٠١٢٣٤٥٦٧٨٩',
    '+54 9 11 2233-4455; DROP',
    '+999999999999999999',
  ])('%s is no number', (typed) => {
    expect(parsePhone(typed, 'AR')).toBeNull()
  })
  test.each([
    ['MX', '55 1234 5678', '+525512345678'],
    ['BR', '(041) 98888-7777', '+5541988887777'],
    ['US', '1-415-523-8886', '+14155238886'],
    ['US', '011 54 9 11 2233 4455', '+5491122334455'],
    ['PE', '987 654 321', '+51987654321'],
    ['CO', '300 123 4567', '+573001234567'],
    ['UY', '099 123 456', '+59899123456'],
    ['GB', '07911 123456', '+447911123456'],
  ])('as they are dialled in %s: %s', (country, typed, e164) => {
    expect(parsePhone(typed, country)).toBe(e164)
  })
  test('numbers are shown grouped, with their country code', () => {
    expect(formatPhone('+5491154823391')).toBe('+54 9 11 5482 3391')
    expect(formatPhone('IN.2081978709342942')).toBe('IN.2081978709342942')
  })
})
