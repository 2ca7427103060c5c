// The simulator's signatures against answers that were computed by others.
import twilio from 'twilio'
import { describe, expect, test } from 'vitest'
import { bodyHash, signRequest } from '../../server/simulator/signature.ts'

const call = {
  CallSid: 'CA1234567890ABCDE',
  Caller: '+14158675309',
  Digits: '1234',
  From: '+14158675309',
  To: '+18005551212',
}
const url = 'https://mycompany.com/myapp.php?foo=1&bar=2'
const jsonHash = '0a1ff7634d9ab3b95db5c9a2dfe9416e41502b283a80c7cf19632632f96e6620'
const emptyHash = '44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a'

describe('Twilio’s known answers, token 12345', () => {
  test.each<[string, string, Record<string, string | string[]>, string]>([
    ['a form', url, call, 'RSOYDt4T1cUTdK1PDd93/VVr8B8='],
    ['port 443', url.replace('.com', '.com:443'), call, 'kvajT1Ptam85bY51eRf/AJRuM3w='],
    ['http, port 80', url.replace('https', 'http').replace('.com', '.com:80'), call, '0ZXoZLH/DfblKGATFgpif+LLRf4='],
    ['http, port 1234', url.replace('https', 'http').replace('.com', '.com:1234'), call, 'Zmvh+3yNM1Phv2jhDCwEM3q5ebU='],
    ['user and password', url.replace('//', '//user:pass@'), call, 'CukzLTc1tT5dXEDIHm/tKBanW10='],
    ['user, password and port', url.replace('//', '//user:pass@').replace('.com', '.com:443'), call, 'ZQFR1PTIZXF2MXB8ZnKCvnnA+rI='],
    ['user alone', url.replace('//', '//user@'), call, '2YRLlVAflCqxaNicjMpJcSTgzSs='],
    ['an encoded apostrophe', `${url}&Body=It%27s+amazing`, call, 'TfZzewPq8wqrGlMfyAud8+/IvJ0='],
    ['a bare apostrophe', `${url}&Body=It's+amazing`, call, 'dsq4Ehbj6cs+KdTkpF5sSSplOWw='],
    ['a repeated field', url, { 'MessagingBinding.Address': ['+1325xxxxxxx', '+1415xxxxxxx'] }, '83O6e2vORAoJHUNzJjDWN1jz+BA='],
    ['the same in another order', url, { 'MessagingBinding.Address': ['+1415xxxxxxx', '+1325xxxxxxx'] }, '83O6e2vORAoJHUNzJjDWN1jz+BA='],
    ['a value twice', url, { Sid: 'CA123', SidAccount: 'AC123', Digits: ['5678', '1234', '1234'] }, 'IK+Dwps556ElfBT0I3Rgjkr1wJU='],
    ['a JSON body', `${url}&bodySHA256=${jsonHash}`, {}, 'a9nBmqA0ju/hNViExpshrM61xv4='],
    ['a JSON body, no other query', `https://mycompany.com/myapp.php?bodySHA256=${jsonHash}`, {}, 'y77kIzt2vzLz71DgmJGsen2scGs='],
    ['an empty object at port 443', `${url.replace('.com', '.com:443')}&bodySHA256=${emptyHash}`, {}, 'Ldidvp12m26NI7eqEvxnEpkd9Hc='],
    ['an empty object', `${url}&bodySHA256=${emptyHash}`, {}, 'rw/jVviOgicj2+kHZULvebnA4ag='],
    ['an address with overrides in its fragment', `${url}#rc=3&rp=all`, call, 'RSOYDt4T1cUTdK1PDd93/VVr8B8='],
  ])('%s', (_, address, fields, expected) => {
    expect(signRequest('12345', address, fields)).toBe(expected)
  })

  test('hashes of bodies', () => {
    expect(bodyHash('{"property": "value", "boolean": true}')).toBe(jsonHash)
    expect(bodyHash(Buffer.from('{}'))).toBe(emptyHash)
  })
})

describe('fields as WhatsApp and SMS bring them', () => {
  const token = '0123456789abcdef0123456789abcdef'
  const inbound = 'https://inbox.example.com/twilio/inbound'
  const sms = {
    ToCountry: 'US',
    ToState: 'CA',
    SmsMessageSid: 'SM00000000000000000000000000000001',
    NumMedia: '0',
    ToCity: 'SAUSALITO',
    FromZip: '94103',
    SmsSid: 'SM00000000000000000000000000000001',
    FromState: 'CA',
    SmsStatus: 'received',
    FromCity: 'SAN FRANCISCO',
    Body: 'Hola! ¿Siguen abiertos?',
    FromCountry: 'US',
    To: '+15558675310',
    ToZip: '94965',
    NumSegments: '1',
    MessageSid: 'SM00000000000000000000000000000001',
    AccountSid: 'AC00000000000000000000000000000001',
    From: '+14017122661',
    ApiVersion: '2010-04-01',
  }
  const whatsapp = {
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
  const read = {
    EventType: 'READ',
    SmsSid: 'SM00000000000000000000000000000022',
    SmsStatus: 'read',
    MessageStatus: 'read',
    ChannelToAddress: '+549112233XXXX',
    To: 'whatsapp:+5491122334455',
    ChannelPrefix: 'whatsapp',
    MessageSid: 'SM00000000000000000000000000000022',
    AccountSid: 'AC00000000000000000000000000000001',
    From: 'whatsapp:+14155238886',
    ApiVersion: '2010-04-01',
  }
  const hard = {
    AccountSid: 'AC00000000000000000000000000000001',
    ApiVersion: '2010-04-01',
    Body: '¡Hola! ¿Tenés 2 café con leche? 😀\n+ 1 té & 50% off',
    From: 'whatsapp:+5491122334455',
    MessageSid: 'SM00000000000000000000000000000001',
    SmsSid: 'SM00000000000000000000000000000001',
    SmsMessageSid: 'SM00000000000000000000000000000001',
    MessageType: 'text',
    NumMedia: '0',
    NumSegments: '1',
    ProfileName: 'María Ñandú',
    ReferralNumMedia: '0',
    SmsStatus: 'received',
    To: 'whatsapp:+14155238886',
    WaId: '5491122334455',
  }
  test.each<[string, string, Record<string, string>, string]>([
    ['an SMS', inbound, sms, 'ngcF4E2duGh3y4xsPLFwrXgYS/Q='],
    ['a WhatsApp text', inbound, whatsapp, 'SKszU+QZyM5vxkiBWwSI15JW/yw='],
    ['a status', 'https://inbox.example.com/twilio/status', read, 'qAy4n0Igpd7lbq89Of3VBo82Uq8='],
    ['accents, emoji, line break, + & %', inbound, hard, 'J0N0QmXK+/Yx0GWzGalkusIpgls='],
    ['the same at port 443', inbound.replace('.com', '.com:443'), hard, 'nZCXmOigEgC3wEG+YLLA+0pzqnw='],
    ['a GET', `${inbound}?Body=hola&From=%2B5491122334455`, {}, 'TYlhcZ0wiz5wRNvmPX9EOQ4gPGo='],
  ])('%s', (_, address, fields, expected) => {
    expect(signRequest(token, address, fields)).toBe(expected)
    expect(twilio.validateRequest(token, signRequest(token, address, fields), address, fields)).toBe(true)
  })

  test('a changed field, address or token is another signature', () => {
    const signature = signRequest(token, inbound, hard)
    expect(signRequest(token, inbound, { ...hard, Body: `${hard.Body} ` })).not.toBe(signature)
    expect(signRequest(token, `${inbound}/`, hard)).not.toBe(signature)
    expect(signRequest('another', inbound, hard)).not.toBe(signature)
  })
})
