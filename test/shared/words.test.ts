// The small pure rules that server and widget share.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { cutText } from '../../shared/cut-text.ts'
import { isBlank } from '../../shared/is-blank.ts'
import { cleanText, sendMessage } from '../../shared/requests.ts'
import { countParts, countSegments } from '../../shared/segments.ts'
import { statusRises } from '../../shared/status.ts'
import { missingVariables, placeholders, renderTemplate } from '../../shared/templates.ts'
import { presentWindow, windowIsOpen } from '../../shared/window.ts'

describe('the 24 h window', () => {
  const day = 24 * 3600_000
  test('O10: open until two minutes before its end, on WhatsApp only', () => {
    expect(windowIsOpen('whatsapp', 0, day - 120_001)).toBe(true)
    expect(windowIsOpen('whatsapp', 0, day - 120_000)).toBe(false)
    expect(windowIsOpen('whatsapp', null, 0)).toBe(false)
    expect(windowIsOpen('sms', null, 0)).toBe(true)
    expect(windowIsOpen('sms', 0, 10 * day)).toBe(true)
  })
  test('shows when it ends, SMS never', () => {
    expect(presentWindow('whatsapp', 0, 1000)).toEqual({ open: true, expiresAt: '1970-01-02T00:00:00.000Z' })
    expect(presentWindow('sms', 0, 1000)).toEqual({ open: true, expiresAt: null })
  })
})

describe('text', () => {
  test('loses NUL and lone surrogates, and nothing else', () => {
    expect(cleanText('a\u0000b\ud83dc\ude00d 😀\r\n<script>')).toBe('abcd 😀\r\n<script>')
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        expect(cleanText(text)).toBe(text.replaceAll('\u0000', ''))
      }),
    )
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => cleanText(text).isWellFormed()))
  })
  test('is kept as it was written: no trimming', () => {
    expect(sendMessage.parse({ conversationId: 'c', text: '  hola\n' })).toMatchObject({ text: '  hola\n' })
    expect(sendMessage.safeParse({ conversationId: 'c', text: ' \n ' }).success).toBe(false)
  })
})

describe('SMS segments', () => {
  test.each([
    ['', 1],
    ['a'.repeat(160), 1],
    ['a'.repeat(161), 2],
    ['a'.repeat(306), 2],
    ['a'.repeat(307), 3],
    ['€'.repeat(80), 1],
    ['€'.repeat(81), 2],
    ['ñü¿'.repeat(53), 1],
    ['á'.repeat(70), 1],
    ['á'.repeat(71), 2],
    ['😀'.repeat(35), 1],
    ['😀'.repeat(36), 2],
  ])('%j takes %i', (text, segments) => {
    expect(countSegments(text).segments).toBe(segments)
  })
  test.each([
    ['153 of two septets: 76 in each, the last one begins the third', ']'.repeat(153), 3, 151],
    ['a sign of two septets that would be cut begins the second', `${'a'.repeat(152)}€${'a'.repeat(8)}`, 2, 143],
    ['and may leave a third, where counting units would give two', `${'a'.repeat(152)}€${'a'.repeat(152)}`, 3, 152],
    ['one that ends with the segment is not moved', `${'a'.repeat(151)}€${'a'.repeat(153)}`, 2, 0],
    ['an emoji at the edge of a text in UCS-2', `${'ж'.repeat(66)}😀${'ж'.repeat(66)}`, 3, 66],
    ['an emoji that ends with the segment', `${'ж'.repeat(65)}😀${'ж'.repeat(67)}`, 2, 0],
    ['in one segment alone nothing is cut', `${'a'.repeat(158)}€`, 1, 0],
    ['nor in one of UCS-2', `${'ж'.repeat(68)}😀`, 1, 0],
    ['one sign outside of GSM makes all of it UCS-2, where ] is one unit', `ж${']'.repeat(133)}`, 2, 0],
  ])('a sign of two units is not cut between two: %s', (_, text, segments, left) => {
    expect(countSegments(text)).toMatchObject({ segments, left })
  })
  test('the accents of GSM are in its table, others are not', () => {
    for (const sign of '£¥èéùìòÇØøÅåΔΦÆæßÉ¤ÄÖÑÜ§¿äöñüà¡') expect(countSegments(sign).encoding, sign).toBe('gsm')
    for (const sign of 'áíóúçÁÍÓÚãõâêô') expect(countSegments(sign).encoding, sign).toBe('ucs2')
  })
  test('what a sender’s rate counts: segments by SMS, the message by WhatsApp', () => {
    expect(countParts('sms', ']'.repeat(153))).toBe(3)
    expect(countParts('whatsapp', ']'.repeat(153))).toBe(1)
  })
})

describe('templates', () => {
  const body = 'Hola {{nombre}}, te esperamos el {{ fecha }}. {{nombre}}!'
  test('name their variables once, in order', () => {
    expect(placeholders(body)).toEqual(['nombre', 'fecha'])
  })
  test('say what is missing, an empty value too', () => {
    expect(missingVariables(body, { nombre: 'Ana', fecha: ' ' })).toEqual(['fecha'])
    expect(missingVariables(body, { nombre: '\u200b', fecha: '\u2800' })).toEqual(['nombre', 'fecha'])
  })
  test('show what has no value by its name', () => {
    expect(renderTemplate('Hola {{nombre}}, {{ hora }}', { nombre: 'Ana' })).toBe('Hola Ana, {{ hora }}')
  })
  test('put values in as text', () => {
    expect(renderTemplate(body, { nombre: '$&{{fecha}}', fecha: 'lunes' })).toBe('Hola $&{{fecha}}, te esperamos el lunes. $&{{fecha}}!')
  })
})

test('S13: statuses only rise; a receipt heals a failure and not the other way', () => {
  expect(statusRises('failed', 'delivered')).toBe(true)
  expect(statusRises('delivered', 'failed')).toBe(false)
  expect(statusRises('read', 'failed')).toBe(false)
  expect(statusRises('sent', 'sent')).toBe(false)
  expect(statusRises('unconfirmed', 'sending')).toBe(true)
})

describe('a name or a text', () => {
  test.each(['', ' \n\t', '\u200b\u2060', '\u3164', '\u2800', '\u00ad', '\u200e\u202e\ufe0f', '\u0000'])('%j shows nothing', (text) => {
    expect(isBlank(text)).toBe(true)
  })
  test.each(['.', '😀', '👨‍👩‍👧', '\u200fשלום', '0', '٠', '̈a'])('%j shows something', (text) => {
    expect(isBlank(text)).toBe(false)
  })
  test('is cut between signs, not in one', () => {
    expect(cutText('ab😀', 3)).toBe('ab')
    expect(cutText('ab😀', 4)).toBe('ab😀')
    expect(cutText('abcd', 2)).toBe('ab')
    expect(cutText('a👩‍👩‍👧', 6)).toBe('a')
    expect(cutText('ae\u0301', 2)).toBe('a')
    expect(cutText('🇦🇷🇧🇷', 6)).toBe('🇦🇷')
  })
  test('of one sign that is too long alone, whole code points stay', () => {
    expect(cutText(`e${'\u0301'.repeat(9)}`, 4)).toBe(`e${'\u0301'.repeat(3)}`)
    expect(cutText(`${'👩‍'.repeat(9)}👩`, 4)).toBe('👩‍')
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.nat(12), (text, most) => {
        const cut = cutText(text, most)
        expect(cut.length).toBeLessThanOrEqual(most)
        expect(cut.isWellFormed() && text.startsWith(cut)).toBe(true)
      }),
    )
  })
})
