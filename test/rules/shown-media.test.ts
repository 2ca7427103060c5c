// What lists and notifications say of media, in a word.
import { expect, test } from 'vitest'
import { shownMedia } from '../../server/rules/shown-media.ts'

test.each([
  ['image/jpeg', 'image', null],
  ['image/heic', 'image', null],
  ['image/webp', 'sticker', null],
  ['Image/WebP', 'sticker', null],
  ['audio/ogg; codecs=opus', 'audio', null],
  ['video/mp4', 'video', null],
  ['text/vcard', 'contacts', null],
  ['text/plain', 'document', 'a.bin'],
  ['application/pdf', 'document', 'a.bin'],
  ['application/x-made-up', 'document', 'a.bin'],
])('%s is a %s', (contentType, kind, filename) => {
  expect(shownMedia([{ contentType, filename: 'a.bin' }])).toEqual({ kind, filename })
})

test('of several the first counts; of none, and of one whose type is not known yet, nothing is said', () => {
  const one = (contentType: string) => ({ contentType, filename: null })
  expect(shownMedia([one('audio/ogg'), one('image/png')])).toEqual({ kind: 'audio', filename: null })
  expect(shownMedia([])).toBeNull()
  expect(shownMedia([one('')])).toBeNull()
})
