// Twilio's own known-answer vectors and fixtures, through the check that webhooks go through.
import { describe, expect, test } from 'vitest'
import { signRequest } from '../../server/simulator/signature.ts'
import { verifyBody, verifyForm } from '../../server/twilio/verify-signature.ts'

const token = '12345'
const url = 'https://mycompany.com/myapp.php?foo=1&bar=2'
const fields = { CallSid: 'CA1234567890ABCDE', Caller: '+14158675309', Digits: '1234', From: '+14158675309', To: '+18005551212' }

describe('signatures', () => {
  test.each([
    [url, 'RSOYDt4T1cUTdK1PDd93/VVr8B8='],
    [`${url}&Body=It's+amazing`, 'dsq4Ehbj6cs+KdTkpF5sSSplOWw='],
    ['https://user:pass@mycompany.com/myapp.php?foo=1&bar=2', 'CukzLTc1tT5dXEDIHm/tKBanW10='],
    ['http://mycompany.com:1234/myapp.php?foo=1&bar=2', 'Zmvh+3yNM1Phv2jhDCwEM3q5ebU='],
  ])('%s is right', (signed, signature) => {
    expect(verifyForm([token], signature, signed, fields)).toBe(true)
  })
  test('repeated fields are signed by their values in order', () => {
    const repeated = { Sid: 'CA123', SidAccount: 'AC123', Digits: ['5678', '1234', '1234'] }
    expect(verifyForm([token], 'IK+Dwps556ElfBT0I3Rgjkr1wJU=', url, repeated)).toBe(true)
  })
  test('T12 a JSON body is checked by its hash', () => {
    const body = Buffer.from('{"property": "value", "boolean": true}')
    const signed = `${url}&bodySHA256=0a1ff7634d9ab3b95db5c9a2dfe9416e41502b283a80c7cf19632632f96e6620`
    expect(verifyBody([token], 'a9nBmqA0ju/hNViExpshrM61xv4=', signed, body)).toBe(true)
    expect(verifyBody([token], 'a9nBmqA0ju/hNViExpshrM61xv4=', signed, Buffer.from('{"property": "other"}'))).toBe(false)
    expect(verifyBody([token], 'a9nBmqA0ju/hNViExpshrM61xv4=', url, body)).toBe(false)
  })
  test('of a GET the address with its query is what is signed, and nothing besides', () => {
    const own = '0123456789abcdef0123456789abcdef'
    const got = 'https://inbox.example.com/twilio/inbound?Body=hola&From=%2B5491122334455'
    const signature = 'TYlhcZ0wiz5wRNvmPX9EOQ4gPGo='
    expect(verifyForm([own], signature, got, {})).toBe(true)
    expect(verifyForm([own], signature, got.replace('hola', 'chau'), {})).toBe(false)
    expect(verifyForm([own], signature, got, { Body: 'hola', From: '+5491122334455' })).toBe(false)
  })
  test('the hash of a body may be in capitals, and must be there', () => {
    const body = Buffer.from('{"property": "value", "boolean": true}')
    const capitals = `${url}&bodySHA256=0A1FF7634D9AB3B95DB5C9A2DFE9416E41502B283A80C7CF19632632F96E6620`
    const rightFor = (signed: string) => signRequest(token, signed, {})
    expect(verifyBody([token], rightFor(capitals), capitals, body)).toBe(true)
    expect(verifyBody([token], rightFor(url), url, body), 'though the address is signed').toBe(false)
    expect(verifyBody([token], rightFor(capitals), capitals, Buffer.from('{"property": "other"}'))).toBe(false)
  })
  test('either token is right while it is being rotated', () => {
    expect(verifyForm(['new', token], 'RSOYDt4T1cUTdK1PDd93/VVr8B8=', url, fields)).toBe(true)
    expect(verifyForm(['new'], 'RSOYDt4T1cUTdK1PDd93/VVr8B8=', url, fields)).toBe(false)
  })
  test.each([
    ['a field more', { ...fields, Extra: 'x' }, url],
    ['a field less', { CallSid: fields.CallSid }, url],
    ['a changed value', { ...fields, Digits: '1235' }, url],
    ['another path', fields, 'https://mycompany.com/other?foo=1&bar=2'],
    ['http for https', fields, url.replace('https', 'http')],
    ['no URL at all', fields, '/myapp.php'],
  ])('T2 %s is wrong, and nothing throws', (_, given, signed) => {
    expect(verifyForm([token], 'RSOYDt4T1cUTdK1PDd93/VVr8B8=', signed, given)).toBe(false)
  })
  test.each(['', 'x', '=', 'RSOYDt4T1cUTdK1PDd93/VVr8B8', 'ñ'.repeat(28)])('T2 the signature %j is wrong', (signature) => {
    expect(verifyForm([token], signature, url, fields)).toBe(false)
  })
  test('a whole WhatsApp message, as fixtures have it', () => {
    const message = {
      SmsMessageSid: 'SM00000000000000000000000000000004',
      NumMedia: '0',
      ProfileName: 'María Pérez',
      MessageType: 'text',
      SmsSid: 'SM00000000000000000000000000000004',
      WaId: '5491122334455',
      SmsStatus: 'received',
      Body: 'Quiero saber el precio 😀',
      To: 'whatsapp:+14155238886',
      NumSegments: '1',
      ReferralNumMedia: '0',
      MessageSid: 'SM00000000000000000000000000000004',
      AccountSid: 'AC00000000000000000000000000000001',
      ChannelMetadata: '{"type":"whatsapp","data":{"context":{"ProfileName":"María Pérez","WaId":"5491122334455"}}}',
      From: 'whatsapp:+5491122334455',
      ExternalUserId: 'whatsapp:AR.1A2B3C4D5E6F7G8H',
      ApiVersion: '2010-04-01',
    }
    expect(
      verifyForm(['0123456789abcdef0123456789abcdef'], 'SKszU+QZyM5vxkiBWwSI15JW/yw=', 'https://inbox.example.com/twilio/inbound', message),
    ).toBe(true)
  })
})
