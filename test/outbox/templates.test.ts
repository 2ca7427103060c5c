// A template with its values, as text and as Twilio's content.
import { expect, test } from 'vitest'
import { tidyValues } from '../../server/rules/template.ts'
import { openingInput, sandboxTemplates } from '../../server/templates/sandbox.ts'
import { fillTemplate } from '../../server/templates/use-template.ts'

const [reminder] = sandboxTemplates
const use = (channel: 'whatsapp' | 'sms', variables: Record<string, string>) => {
  if (!reminder) throw new Error('It is the first.')
  return fillTemplate({ ...openingInput(reminder), rev: 1, updatedAt: 0 }, channel, tidyValues(variables))
}

test('values are one line each, numbered in the content’s order', () => {
  expect(use('whatsapp', { time: ' 18:30\n\tpuntual ', date: '5  de diciembre' })).toEqual({
    text: 'Your appointment is coming up on 5 de diciembre at 18:30 puntual. If you need to change it, please reply back and let us know.',
    template: {
      name: 'appointment_reminder',
      language: 'en',
      category: 'UTILITY',
      variables: { time: '18:30 puntual', date: '5 de diciembre' },
    },
    content: { sid: 'HXb5b62575e6e4ff6129ad7c8efe1f983e', variables: { 1: '5 de diciembre', 2: '18:30 puntual' } },
  })
  expect(use('sms', { time: '18:30', date: '5/12' }).content).toBeNull()
})

test.each([[{}], [{ date: '5/12' }], [{ date: '5/12', time: ' \n ' }]])('values that are missing or blank (%j) are named', (variables) => {
  expect(() => use('whatsapp', variables)).toThrow('needs')
})
