// A template with its values, as text and as Twilio's content.
import { expect, test } from 'vitest'
import { sandboxTemplates, useTemplate } from '../../server/outbox/templates.ts'

const use = (channel: 'whatsapp' | 'sms', variables: Record<string, string>) =>
  useTemplate({ templates: sandboxTemplates }, channel, { name: 'appointment_reminder', variables })

test('values are one line each, numbered in the content’s order', () => {
  expect(use('whatsapp', { time: ' 18:30\n\tpuntual ', date: '5  de diciembre' })).toEqual({
    text: 'Your appointment is coming up on 5 de diciembre at 18:30 puntual. If you need to change it, please reply back and let us know.',
    template: { name: 'appointment_reminder', variables: { time: '18:30 puntual', date: '5 de diciembre' } },
    content: { sid: 'HXb5b62575e6e4ff6129ad7c8efe1f983e', variables: { 1: '5 de diciembre', 2: '18:30 puntual' } },
  })
  expect(use('sms', { time: '18:30', date: '5/12' }).content).toBeNull()
})

test.each([[{}], [{ date: '5/12' }], [{ date: '5/12', time: ' \n ' }]])('values that are missing or blank (%j) are named', (variables) => {
  expect(() => use('whatsapp', variables)).toThrow('needs')
})
