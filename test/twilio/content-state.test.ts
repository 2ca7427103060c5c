// Where a content stands with WhatsApp, in every form in which Twilio writes it.
import { expect, test } from 'vitest'
import { readApproval, readContent, readKind } from '../../server/twilio/content-state.ts'

const flat = { name: 'x', category: 'MARKETING', content_type: 'twilio/text', status: 'Rejected', rejection_reason: 'INVALID_FORMAT' }
const read = { status: 'rejected', category: 'MARKETING', rejection: 'INVALID_FORMAT' }

test.each([
  ['flat', flat, read],
  ['under whatsapp', { sid: 'HX1', whatsapp: flat }, read],
  ['as a list', [flat], read],
  ['as a list under whatsapp', { whatsapp: [flat] }, read],
  [
    'without category and reason',
    { status: 'approved', category: '', rejection_reason: '' },
    { status: 'approved', category: null, rejection: null },
  ],
  ['in a word that is new', { status: 'in_appeal' }, { status: 'pending', category: null, rejection: null }],
  ['empty', {}, null],
  ['an empty list', [], null],
  ['nothing', null, null],
])('an approval is read %s', (_, told, expected) => expect(readApproval(told)).toEqual(expected))

test.each([
  [{ 'twilio/text': { body: 'x' } }, { type: 'text', buttons: 0 }],
  [
    { 'twilio/quick-reply': { body: 'x', actions: [{}, {}] }, 'twilio/text': { body: 'x' } },
    { type: 'quick-reply', buttons: 2 },
  ],
  [{ 'whatsapp/authentication': {} }, { type: 'authentication', buttons: 0 }],
  [{ 'twilio/new-thing': {} }, { type: 'other', buttons: 0 }],
  [{}, { type: 'other', buttons: 0 }],
])('%j is of its kind', (types, kind) => expect(readKind(types as Record<string, object>)).toEqual(kind))

test.each([
  ['es', 'Tu código de verificación es {{1}}. Por tu seguridad, no lo compartas.'],
  ['pt_BR', 'Seu código de verificação é {{1}}. Para sua segurança, não o compartilhe.'],
  ['fr', '{{1}} is your verification code. For your security, do not share this code.'],
])('a content of codes (%s) has the words that WhatsApp writes, and its one variable', (language, body) => {
  const types = { 'whatsapp/authentication': { add_security_recommendation: true, actions: [{ type: 'COPY_CODE' }] } }
  expect(readContent({ sid: 'HX1', friendlyName: 'codigo', language, types })).toMatchObject({
    ...{ type: 'authentication', buttons: 1, body },
    whatsapp: { contentSid: 'HX1', variables: ['1'] },
  })
})
