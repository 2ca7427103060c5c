// A key used again: the same message, or another one that must not be lost.
import { describe, expect, test } from 'vitest'
import type { Message } from '../../shared/model.ts'
import { isSameSend, type WantedSend } from '../../server/rules/is-same-send.ts'

type Files = { hash: string; sourceUrl: string | null }[]
type First = { media?: Files } & Pick<
  Message,
  'direction' | 'text' | 'template' | 'replyToId' | 'sensitive' | 'channel' | 'conversationId' | 'coordinationId'
>
const first: First = {
  direction: 'outbound',
  text: 'Sí, a las 18:30',
  replyToId: null,
  sensitive: false,
  channel: 'whatsapp',
  conversationId: 'c-1',
  coordinationId: 'ev-1',
}
const asked = { conversationId: 'c-1', coordinationId: 'ev-1' }
const line = { sender: '+14155238886', addresses: ['+5491122334455'] }
const byId = { text: first.text, to: { conversationId: 'c-1' } }
const byNumber = {
  text: first.text,
  to: { channel: 'whatsapp' as const, address: '+5491122334455', coordinationId: 'ev-1' as string | null },
}
const template = { name: 'cita', variables: { fecha: '5/12', hora: '21:30' } }
const withFiles: First = {
  ...first,
  media: [
    { hash: 'aa', sourceUrl: null },
    { hash: 'bb', sourceUrl: 'https://x.example.com/1' },
  ],
}
const note: First = { ...first, direction: 'internal', text: 'Llamar antes' }
const filled: First = { ...first, text: 'Su cita es el 5/12', template }
const same = (one: First, wanted: WantedSend, over: Partial<typeof line> = {}) =>
  isSameSend({ message: one as unknown as Message, asked, ...(one.media ? { media: one.media } : {}) }, { ...line, ...over }, wanted)

describe('the same key', () => {
  const cases: [what: string, first: First, wanted: WantedSend, same: boolean][] = [
    ['the same text to the same conversation', first, byId, true],
    ['the same text to the same number and record', first, byNumber, true],
    ['the same files', withFiles, { ...byId, media: ['aa', 'https://x.example.com/1'] }, true],
    ['the same files in another order', withFiles, { ...byId, media: ['https://x.example.com/1', 'aa'] }, false],
    ['a file less', withFiles, { ...byId, media: ['aa'] }, false],
    ['a file more', withFiles, { ...byId, media: ['aa', 'https://x.example.com/1', 'cc'] }, false],
    ['another file', withFiles, { ...byId, media: ['cc', 'https://x.example.com/1'] }, false],
    ['the words alone', withFiles, byId, false],
    ['files with words that had none', first, { ...byId, media: ['aa'] }, false],
    ['files without words', { ...withFiles, text: '' }, { ...byId, text: undefined, media: ['aa', 'https://x.example.com/1'] }, true],
    ['another text', first, { ...byId, text: 'No' }, false],
    ['a text that differs by a space', first, { ...byId, text: `${first.text} ` }, false],
    ['a note with the words of the text', first, { ...byId, text: undefined, note: first.text }, false],
    ['the same note', note, { ...byId, text: undefined, note: note.text }, true],
    ['another note', note, { ...byId, text: undefined, note: 'No llamar' }, false],
    ['a text with the words of the note', note, { ...byId, text: note.text }, false],
    ['the same template and values', filled, { ...byId, text: undefined, template: structuredClone(template) }, true],
    [
      'the values in another order',
      filled,
      { ...byId, text: undefined, template: { name: 'cita', variables: { hora: '21:30', fecha: '5/12' } } },
      true,
    ],
    [
      'another value',
      filled,
      { ...byId, text: undefined, template: { ...template, variables: { ...template.variables, hora: '22:00' } } },
      false,
    ],
    [
      'a value more',
      filled,
      { ...byId, text: undefined, template: { name: 'cita', variables: { ...template.variables, lugar: 'Sala 2' } } },
      false,
    ],
    ['a value less', filled, { ...byId, text: undefined, template: { name: 'cita', variables: { fecha: '5/12' } } }, false],
    ['another template with the same values', filled, { ...byId, text: undefined, template: { ...template, name: 'otra' } }, false],
    ['a template instead of a text', first, { ...byId, text: undefined, template }, false],
    ['the text of a template instead of it', filled, { ...byId, text: filled.text }, false],
    ['a reply instead of a plain text', first, { ...byId, replyToId: 'm-1' }, false],
    ['the same reply', { ...first, replyToId: 'm-1' }, { ...byId, replyToId: 'm-1' }, true],
    ['a reply to another message', { ...first, replyToId: 'm-1' }, { ...byId, replyToId: 'm-2' }, false],
    ['any text, after the first was erased', { ...first, sensitive: true, text: '' }, { ...byId, text: 'código 4711' }, true],
    ['a note, after the first text was erased', { ...first, sensitive: true, text: '' }, { ...byId, text: undefined, note: 'x' }, false],
    ['another conversation', first, { ...byId, to: { conversationId: 'c-2' } }, false],
    [
      'the conversation that it was moved to',
      { ...first, conversationId: 'c-2', coordinationId: 'ev-2' },
      { ...byId, to: { conversationId: 'c-2' } },
      true,
    ],
    ['the conversation that it was moved from', { ...first, conversationId: 'c-2', coordinationId: 'ev-2' }, byId, true],
    ['the number and record that it was moved from', { ...first, conversationId: 'c-2', coordinationId: 'ev-2' }, byNumber, true],
    ['the conversation with its record named', first, { ...byId, to: { conversationId: 'c-1', coordinationId: 'ev-1' } }, true],
    ['the conversation with another record', first, { ...byId, to: { conversationId: 'c-1', coordinationId: 'ev-2' } }, false],
    ['another number', first, { ...byNumber, to: { ...byNumber.to, address: '+5491122334456' } }, false],
    ['the number as WhatsApp writes it otherwise', first, { ...byNumber, to: { ...byNumber.to, address: '+541122334455' } }, true],
    ['another channel', first, { ...byNumber, to: { ...byNumber.to, channel: 'sms' } }, false],
    ['another record', first, { ...byNumber, to: { ...byNumber.to, coordinationId: 'ev-2' } }, false],
    ['no record', first, { ...byNumber, to: { ...byNumber.to, coordinationId: null } }, false],
    ['another sender of ours', first, { ...byNumber, to: { ...byNumber.to, sender: '+15550001111' } }, false],
    ['the sender named', first, { ...byNumber, to: { ...byNumber.to, sender: line.sender } }, true],
  ]
  test.each(cases)('with %s', (_what, one, wanted, answer) => {
    expect(same(one, wanted)).toBe(answer)
  })
  test('knows a client who hides the number by either name', () => {
    const hidden = { addresses: ['AR.1A2B', '+5491122334455'] }
    expect(same(first, byNumber, hidden)).toBe(true)
    expect(same(first, { ...byNumber, to: { ...byNumber.to, address: 'AR.1A2B' } }, hidden)).toBe(true)
    expect(same(first, { ...byNumber, to: { ...byNumber.to, address: 'AR.1A2C' } }, hidden)).toBe(false)
  })
})
