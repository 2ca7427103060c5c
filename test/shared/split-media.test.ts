// Which files may go on which channel, and which messages a send with files becomes.
import { describe, expect, test } from 'vitest'
import type { KeptFile } from '../../server/rules/media.ts'
import { countryOf } from '../../shared/parse-phone.ts'
import { faultOfFiles, splitMedia } from '../../shared/split-media.ts'

const MB = 1024 * 1024
const file = (contentType: string, size = 1000): KeptFile => ({
  ...{ contentType, size, hash: `${contentType}-${size}`, filename: null, sourceUrl: null, width: null, height: null },
})
const jpeg = file('image/jpeg')
const pdf = file('application/pdf')
const voice = file('audio/ogg')

describe('a send becomes messages', () => {
  const long = 'x'.repeat(1025)
  const ten = Array.from({ length: 10 }, () => jpeg)
  test.each<[what: string, channel: 'whatsapp' | 'sms', text: string, files: KeptFile[], parts: [text: string, ...files: KeptFile[]][]]>([
    ['a picture with words', 'whatsapp', 'hola', [jpeg], [['hola', jpeg]]],
    ['a picture without', 'whatsapp', '', [jpeg], [['', jpeg]]],
    ['words that are longer than a caption', 'whatsapp', long, [jpeg], [[long], ['', jpeg]]],
    ['words beside a document', 'whatsapp', 'hola', [pdf], [['hola'], ['', pdf]]],
    ['words beside a voice message', 'whatsapp', 'hola', [voice], [['hola'], ['', voice]]],
    ['words beside a video', 'whatsapp', 'hola', [file('video/mp4')], [['hola'], ['', file('video/mp4')]]],
    ['words beside a contact card', 'whatsapp', 'hola', [file('text/vcard')], [['hola'], ['', file('text/vcard')]]],
    ['words beside a sticker', 'whatsapp', 'hola', [file('image/webp')], [['hola'], ['', file('image/webp')]]],
    [
      'several: one to a message, in their order',
      'whatsapp',
      'hola',
      [jpeg, pdf, jpeg],
      [
        ['hola', jpeg],
        ['', pdf],
        ['', jpeg],
      ],
    ],
    ['a document first: words stand alone', 'whatsapp', 'hola', [pdf, jpeg], [['hola'], ['', pdf], ['', jpeg]]],
    ['several in one MMS', 'sms', 'hola', [jpeg, pdf], [['hola', jpeg, pdf]]],
    [
      'more than ten in an MMS',
      'sms',
      '',
      [...ten, pdf],
      [
        ['', ...ten],
        ['', pdf],
      ],
    ],
    [
      'more than 5 MB in an MMS',
      'sms',
      'hola',
      [file('image/png', 3 * MB), file('image/png', 2 * MB), jpeg],
      [
        ['hola', file('image/png', 3 * MB), file('image/png', 2 * MB)],
        ['', jpeg],
      ],
    ],
  ])('%s', (_, channel, text, files, parts) => {
    expect(splitMedia(channel, text, files).map((part) => [part.text, ...part.files])).toEqual(parts)
  })
})

describe('files go', () => {
  const us = '+15558675310'
  const ar = '+5491122334455'
  const to = (channel: 'whatsapp' | 'sms', sender: string, address: string) => ({ channel, sender, address })
  const overWhatsApp = to('whatsapp', us, ar)
  test.each<[what: string, place: ReturnType<typeof to>, files: KeptFile[], fault: string | null]>([
    ['by WhatsApp to anywhere', overWhatsApp, [jpeg, pdf, voice], null],
    ['by WhatsApp, but not those that it does not send', overWhatsApp, [jpeg, file('image/gif')], 'type 1'],
    ['by WhatsApp up to 5 MB a picture', overWhatsApp, [file('image/png', 5 * MB)], null],
    ['by WhatsApp, but no larger picture', overWhatsApp, [file('image/png', 5 * MB + 1)], 'too_large 0'],
    ['by MMS within the United States', to('sms', us, '+12125550123'), [file('image/gif')], null],
    ['by MMS to Canada', to('sms', us, '+14165550123'), [jpeg], null],
    ['by MMS of a service', to('sms', 'MG0000', '+12125550123'), [jpeg], null],
    ['by MMS, but not to another country', to('sms', us, ar), [jpeg], 'no_mms'],
    ['by MMS, but not to a number of no country', to('sms', us, '+883510012345'), [jpeg], 'no_mms'],
    ['by MMS, but not to an island under the same code', to('sms', us, '+18765550123'), [jpeg], 'no_mms'],
    ['by MMS, but not from another country', to('sms', ar, '+12125550123'), [jpeg], 'no_mms'],
    ['by MMS, but not of a service to another country', to('sms', 'MG0000', ar), [jpeg], 'no_mms'],
    ['by MMS up to 500 kB of what is no picture', to('sms', us, '+12125550123'), [file('video/mp4', MB)], 'too_large 0'],
  ])('%s', (_, place, files, fault) => {
    const found = faultOfFiles(place, files)
    expect(found && [found.fault, ...(found.place === null ? [] : [found.place])].join(' ')).toBe(fault)
  })
})

test('an MMS goes to every number of +1 that is of no island, as the list of all numbers has it', () => {
  const wrong = Array.from({ length: 800 }, (_, n) => `+1${n + 200}2345678`).filter((address) => {
    const isOurs = ['US', 'CA', undefined].includes(countryOf(address))
    return isOurs !== (faultOfFiles({ channel: 'sms', sender: '+15558675310', address }, [jpeg]) === null)
  })
  expect(wrong).toEqual([])
})
