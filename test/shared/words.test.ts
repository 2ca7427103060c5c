// The small pure rules that server and widget share.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { cutText } from '../../shared/cut-text.ts'
import { isBlank } from '../../shared/is-blank.ts'
import { cleanText, sendMessage } from '../../shared/requests.ts'
import { countSegments } from '../../shared/segments.ts'
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
})

describe('templates', () => {
  const body = 'Hola {{nombre}}, te esperamos el {{ fecha }}. {{nombre}}!'
  test('name their variables once, in order', () => {
    expect(placeholders(body)).toEqual(['nombre', 'fecha'])
  })
  test('say what is missing, an empty value too', () => {
    expect(missingVariables(body, { nombre: 'Ana', fecha: ' ' })).toEqual(['fecha'])
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
  })
})
