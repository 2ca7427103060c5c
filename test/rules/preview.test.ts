// Which pictures are shown small first.
import { expect, test } from 'vitest'
import { hasPreview, PREVIEW_PIXELS } from '../../server/rules/preview.ts'

const photo = { state: 'ready', contentType: 'image/jpeg', size: 2_000_000, width: 3000, height: 4000 } as const

test.each([
  ['a photo', photo, true],
  ['a large drawing', { ...photo, contentType: 'image/png' }, true],
  ['one that is small already', { ...photo, size: 40_000 }, false],
  ['a sticker', { ...photo, contentType: 'image/webp' }, false],
  ['one that moves', { ...photo, contentType: 'image/gif' }, false],
  ['a video', { ...photo, contentType: 'video/mp4' }, false],
  ['one that is still on its way', { ...photo, state: 'pending' }, false],
  ['one that is refused', { ...photo, state: 'blocked' }, false],
  ['one whose size nobody knows', { state: 'ready', contentType: 'image/jpeg', size: 2_000_000 }, false],
  ['one with as many pixels as are decoded', { ...photo, width: PREVIEW_PIXELS / 1000, height: 1000 }, true],
  ['one with more', { ...photo, width: PREVIEW_PIXELS / 1000 + 1, height: 1000 }, false],
] as const)('%s: %s', (_, media, has) => {
  expect(hasPreview(media)).toBe(has)
})
