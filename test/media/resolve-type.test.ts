// Of what type a file is, by its first bytes and by what its sender says.
import { expect, test } from 'vitest'
import { resolveType } from '../../server/media/resolve-type.ts'

const office = 'application/vnd.openxmlformats-officedocument.'

test.each<[sniffed: string | null, declared: string, type: string | null]>([
  ['image/jpeg', 'image/png', 'image/jpeg'],
  ['image/jpeg', 'image/jpg', 'image/jpeg'],
  ['image/jpeg', '', 'image/jpeg'],
  ['audio/ogg; codecs=opus', 'audio/ogg', 'audio/ogg'],
  ['application/ogg', 'audio/ogg; codecs=opus', 'audio/ogg'],
  ['audio/x-m4a', 'audio/mp4', 'audio/mp4'],
  ['video/mp4', 'audio/mp4', 'audio/mp4'],
  ['video/mp4', 'image/png', 'video/mp4'],
  ['video/3gpp', 'audio/3gpp', 'audio/3gpp'],
  ['application/zip', `${office}wordprocessingml.document`, `${office}wordprocessingml.document`],
  ['application/zip', 'application/zip', null],
  ['application/zip', 'application/java-archive', null],
  ['application/x-cfb', 'application/msword', 'application/msword'],
  ['application/x-cfb', 'application/x-msi', null],
  ['text/plain', 'text/plain; charset=utf-8', 'text/plain'],
  ['text/plain', 'text/csv', 'text/csv'],
  ['text/plain', 'text/x-vcard', 'text/vcard'],
  ['text/plain', 'text/html', null],
  ['text/plain', 'image/png', null],
  ['text/plain', '', null],
  ['application/x-elf', 'image/png', null],
  ['application/xml', 'image/svg+xml', null],
  ['constructor', 'toString', null],
  [null, 'image/png', null],
])('bytes of %s, said to be %j, are %j', (sniffed, declared, type) => {
  expect(resolveType(sniffed, declared)).toBe(type)
})
