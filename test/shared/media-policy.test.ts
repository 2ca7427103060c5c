// Which files a channel takes and sends, up to what size.
import { expect, test } from 'vitest'
import type { Channel } from '../../shared/model.ts'
import {
  endingsOf,
  faultOfFile,
  faultOfSending,
  mediaKind,
  mostToSend,
  mostToTake,
  plainType,
  typeOfFile,
  typesToChoose,
} from '../../shared/media-policy.ts'

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

test.each<[name: string, said: string, type: string]>([
  ['foto.jpg', 'image/jpeg', 'image/jpeg'],
  ['foto.JPG', '', 'image/jpeg'],
  ['foto.png', 'image/jpeg', 'image/jpeg'],
  ['Ana.vcf', 'text/x-vcard', 'text/vcard'],
  ['Ana.vcf', '', 'text/vcard'],
  ['nota.opus', 'application/octet-stream', 'audio/ogg'],
  ['nota.ogg', 'video/ogg', 'audio/ogg'],
  ['clip.mp4', '', 'video/mp4'],
  ['clip.3gp', '', 'video/3gpp'],
  ['voz.m4a', '', 'audio/mp4'],
  ['precios.v2.docx', '', docx],
  ['programa.exe', 'application/x-msdownload', 'application/x-msdownload'],
  ['carpeta', '', ''],
  ['.pdf', '', 'application/pdf'],
  ['foto.constructor', '', ''],
])('%s, of which a browser says "%s", is %s', (name, said, type) => {
  expect(typeOfFile(name, said)).toBe(type)
})

test('a chooser offers what the channel sends, by type and by ending, and nothing else', () => {
  const whatsapp = typesToChoose('whatsapp').split(',')
  expect(whatsapp).toEqual(expect.arrayContaining(['image/jpeg', '.jpeg', 'text/vcard', '.vcf', 'video/mp4', '.mp4', '.pdf', '.docx']))
  expect(whatsapp.filter((one) => ['image/gif', '.gif', 'image/heic', 'text/csv', '.mov'].includes(one))).toEqual([])
  expect(typesToChoose('sms').split(',')).toContain('image/gif')
  expect(whatsapp.filter((one) => !/^(\w+\/[\w.+-]+|\.\w+)$/.test(one))).toEqual([])
})

test('a file is judged before it is uploaded', () => {
  expect(faultOfFile('whatsapp', 'application/pdf', 0)).toBe('empty')
  expect(faultOfFile('whatsapp', 'application/pdf', 1)).toBeNull()
  expect(faultOfFile('whatsapp', 'image/png', 5 * MB + 1)).toBe('too_large')
  expect(faultOfFile('whatsapp', 'image/gif', 1)).toBe('type')
})
