// What the demo's automations say, with the buttons that a client presses.
import type { AutomationInput } from '../../shared/automations.ts'
import type { SimulatorContent } from '../simulator/content.ts'
import type { TemplateInput } from '../store/records.ts'

const buttons = [
  { id: 'confirm', title: 'Confirmar' },
  { id: 'reschedule', title: 'Otra fecha' },
] as const

interface DemoText {
  name: string
  contentSid: string
  body: string
  samples: readonly string[]
}

const texts: readonly DemoText[] = [
  {
    name: 'cambio_de_fecha',
    contentSid: 'HX5a1d0000000000000000000000000004',
    body: 'Hola {{nombre}}, {{titulo}} pasó al {{fecha}} a las {{hora}}. ¿Nos confirmás que podés?',
    samples: ['Ana', 'Cumpleaños', '2 de marzo', '21:00'],
  },
  {
    name: 'recordatorio_dia_antes',
    contentSid: 'HX5a1d0000000000000000000000000005',
    body: 'Hola {{nombre}}, te esperamos mañana a las {{hora}} para {{titulo}}. ¿Nos confirmás que venís?',
    samples: ['Ana', '21:00', 'Cumpleaños'],
  },
]

const namesIn = (body: string): string[] => [...body.matchAll(/\{\{(\w+)\}\}/g)].flatMap(([, name]) => name ?? [])

/** As Twilio has them: with numbers for names. */
export const demoContents: readonly SimulatorContent[] = texts.map(({ name, contentSid, body, samples }) => {
  const names = namesIn(body)
  return {
    ...{ sid: contentSid, friendlyName: name, language: 'es', buttons },
    body: body.replace(/\{\{(\w+)\}\}/g, (_, one: string) => `{{${names.indexOf(one) + 1}}}`),
    variables: Object.fromEntries(samples.map((sample, index) => [String(index + 1), sample])),
  }
})

/** As Hilo has them. */
export const demoTemplates: readonly TemplateInput[] = texts.map(({ name, contentSid, body }) => ({
  ...{ name, language: 'es', body, type: 'quick-reply', buttons: buttons.length, defaults: { nombre: 'cliente' }, source: 'own' },
  ...{ status: 'approved', whatsapp: { contentSid, variables: namesIn(body) } },
  ...{ category: 'UTILITY', quality: null, rejection: null, gone: false },
}))

/** Switched on, under the names of those that come with Hilo. */
export const demoAutomations: Readonly<Record<string, AutomationInput>> = {
  appointment_rescheduled: { on: 'coordination.rescheduled', channels: ['whatsapp', 'sms'], template: 'cambio_de_fecha' },
  appointment_reminder_day: {
    ...{ at: { relativeTo: 'startsAt', offset: '-P1D' }, purpose: 'reminder' },
    ...{ channels: ['whatsapp', 'sms'], template: 'recordatorio_dia_antes' },
  },
}
