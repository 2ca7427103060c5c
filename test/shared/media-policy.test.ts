// Which files a channel takes and sends, up to what size.
import { expect, test } from 'vitest'
import type { Channel } from '../../shared/model.ts'
import { endingsOf, faultOfSending, mediaKind, mostToSend, mostToTake, plainType } from '../../shared/media-policy.ts'

const MB = 1024 * 1024
const docx = 'application/vnd.openxmlformats-officedocument.wordprocessingml.document'

test.each<[Channel, string, send: number | null, take: number | null]>([
  ['whatsapp', 'image/jpeg', 5 * MB, 16 * MB],
  ['whatsapp', 'image/png', 5 * MB, 16 * MB],
  ['whatsapp', 'image/webp', 5 * MB, 16 * MB],
  ['whatsapp', 'image/gif', null, 16 * MB],
  ['whatsapp', 'audio/ogg; codecs=opus', 16 * MB, 16 * MB],
  ['whatsapp', 'audio/amr', 16 * MB, 16 * MB],
  ['whatsapp', 'video/mp4', 16 * MB, 16 * MB],
  ['whatsapp', 'video/webm', null, 16 * MB],
  ['whatsapp', 'application/pdf', 16 * MB, 16 * MB],
  ['whatsapp', docx, 16 * MB, 16 * MB],
  ['whatsapp', 'text/vcard', 16 * MB, 16 * MB],
  ['whatsapp', 'text/plain', null, 16 * MB],
  ['sms', 'image/jpeg', 5 * MB, 5 * MB],
  ['sms', 'image/gif', 5 * MB, 5 * MB],
  ['sms', 'image/webp', null, 5 * MB],
  ['sms', 'video/mp4', 500 * 1024, 5 * MB],
  ['sms', 'application/pdf', 500 * 1024, 5 * MB],
  ['sms', docx, null, 5 * MB],
  ...(
    ['image/svg+xml', 'text/html', 'application/xhtml+xml', 'application/zip', 'application/octet-stream', 'toString', ''] as const
  ).flatMap((type): [Channel, string, null, null][] => [
    ['whatsapp', type, null, null],
    ['sms', type, null, null],
  ]),
])('%s, %s: sends up to %j bytes, takes up to %j', (channel, type, send, take) => {
  expect(mostToSend(channel, type)).toBe(send)
  expect(mostToTake(channel, type)).toBe(take)
})

test('a file is judged before it is sent', () => {
  expect(faultOfSending('whatsapp', 'image/jpeg', 5 * MB)).toBeNull()
  expect(faultOfSending('whatsapp', 'image/jpeg', 5 * MB + 1)).toBe('too_large')
  expect(faultOfSending('sms', docx, 1)).toBe('type')
})

test('a type is known by its other names, in any writing, with parameters', () => {
  expect(plainType('IMAGE/JPG')).toBe('image/jpeg')
  expect(plainType(' audio/OGG ; codecs="opus"')).toBe('audio/ogg')
  expect(mediaKind('audio/ogg; codecs=opus')).toBe('audio')
  expect(mediaKind('text/x-vcard')).toBe('contacts')
  expect(mediaKind('constructor')).toBeNull()
  expect(endingsOf('image/jpeg')).toContain('jpg')
  expect(endingsOf('text/html')).toEqual([])
})
