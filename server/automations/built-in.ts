// Rules that are ready to be switched on, each with its text in three languages. Of the record's data they take `dueDate` (a day),
// `amount` and `paid`; a host with other names saves the same rule with its own.
import { type AutomationBody, automationBody, type AutomationInput } from '../../shared/automations.ts'
import type { TemplateInput } from '../store/records.ts'

interface BuiltIn {
  name: string
  /** Its template has the rule's name. */
  rule: Omit<AutomationInput, 'template'>
  texts: { es: string; en: string; pt: string }
}

const all: readonly BuiltIn[] = [
  {
    name: 'appointment_confirmation',
    rule: { on: 'coordination.created', when: { startsAt: { ne: null } } },
    texts: {
      es: 'Hola {{nombre}}, agendamos {{titulo}} para el {{fecha}} a las {{hora}}. Si necesitas cambiarlo, responde a este mensaje.',
      en: 'Hi {{name}}, {{title}} is booked for {{date}} at {{time}}. If you need to change it, please reply to this message.',
      pt: 'Olá {{nome}}, agendamos {{titulo}} para {{data}} às {{hora}}. Se precisar mudar, responda a esta mensagem.',
    },
  },
  {
    name: 'appointment_reminder_day',
    rule: { at: { relativeTo: 'startsAt', offset: '-P1D' }, purpose: 'reminder' },
    texts: {
      es: 'Hola {{nombre}}, te recordamos {{titulo}} mañana a las {{hora}}. ¿Nos confirmas que vienes?',
      en: 'Hi {{name}}, this is a reminder of {{title}} tomorrow at {{time}}. Can you confirm that you are coming?',
      pt: 'Olá {{nome}}, lembramos de {{titulo}} amanhã às {{hora}}. Você confirma que vem?',
    },
  },
  {
    name: 'appointment_reminder_hour',
    rule: { at: { relativeTo: 'startsAt', offset: '-PT1H' }, purpose: 'reminder', grace: 'PT20M' },
    texts: {
      es: 'Hola {{nombre}}, te esperamos hoy a las {{hora}} para {{titulo}}. ¡Hasta pronto!',
      en: 'Hi {{name}}, we expect you today at {{time}} for {{title}}. See you soon!',
      pt: 'Olá {{nome}}, esperamos você hoje às {{hora}} para {{titulo}}. Até logo!',
    },
  },
  {
    name: 'appointment_canceled',
    rule: { on: 'coordination.canceled' },
    texts: {
      es: 'Hola {{nombre}}, cancelamos {{titulo}}. Si quieres otra fecha, responde a este mensaje.',
      en: 'Hi {{name}}, {{title}} is canceled. If you would like another date, please reply to this message.',
      pt: 'Olá {{nome}}, {{titulo}} foi cancelado. Se quiser outra data, responda a esta mensagem.',
    },
  },
  {
    name: 'appointment_rescheduled',
    rule: { on: 'coordination.rescheduled' },
    texts: {
      es: 'Hola {{nombre}}, {{titulo}} pasó al {{fecha}} a las {{hora}}. Si no te sirve, responde a este mensaje.',
      en: 'Hi {{name}}, {{title}} has moved to {{date}} at {{time}}. If that does not suit you, please reply to this message.',
      pt: 'Olá {{nome}}, {{titulo}} passou para {{data}} às {{hora}}. Se não for possível, responda a esta mensagem.',
    },
  },
  {
    name: 'booking_confirmed',
    rule: { on: 'booking.confirmed' },
    texts: {
      es: 'Hola {{nombre}}, tu reserva {{titulo}} está confirmada. Por cualquier consulta, responde a este mensaje.',
      en: 'Hi {{name}}, your booking {{title}} is confirmed. For any question, please reply to this message.',
      pt: 'Olá {{nome}}, sua reserva {{titulo}} está confirmada. Em caso de dúvida, responda a esta mensagem.',
    },
  },
  {
    name: 'payment_due',
    rule: { at: { relativeTo: 'data.dueDate', offset: '-PT14H' }, purpose: 'reminder', when: { paid: { ne: true } }, grace: 'PT8H' },
    texts: {
      es: 'Hola {{nombre}}, te recordamos que mañana vence el pago de {{amount}} de {{titulo}}. Si ya pagaste, no hace falta que respondas.',
      en: 'Hi {{name}}, this is a reminder that the payment of {{amount}} for {{title}} is due tomorrow. If you have paid, no reply is needed.',
      pt: 'Olá {{nome}}, lembramos que amanhã vence o pagamento de {{amount}} de {{titulo}}. Se já pagou, não precisa responder.',
    },
  },
  {
    name: 'payment_overdue',
    rule: { at: { relativeTo: 'data.dueDate', offset: 'P1DT10H' }, purpose: 'collection', when: { paid: { ne: true } }, grace: 'PT8H' },
    texts: {
      es: 'Hola {{nombre}}, el pago de {{amount}} de {{titulo}} está vencido. Responde a este mensaje y lo vemos juntos.',
      en: 'Hi {{name}}, the payment of {{amount}} for {{title}} is overdue. Please reply to this message so that we can help.',
      pt: 'Olá {{nome}}, o pagamento de {{amount}} de {{titulo}} está vencido. Responda a esta mensagem e vemos juntos.',
    },
  },
  {
    name: 'payment_received',
    rule: { on: 'payment.received' },
    texts: {
      es: 'Hola {{nombre}}, recibimos tu pago de {{amount}} de {{titulo}}. ¡Gracias!',
      en: 'Hi {{name}}, we received your payment of {{amount}} for {{title}}. Thank you!',
      pt: 'Olá {{nome}}, recebemos seu pagamento de {{amount}} de {{titulo}}. Obrigado!',
    },
  },
  {
    name: 'out_of_hours',
    rule: { on: 'message.received', when: { outOfHours: true } },
    texts: {
      es: 'Hola {{nombre}}, recibimos tu mensaje. Ahora no estamos; te respondemos cuando volvamos.',
      en: 'Hi {{name}}, we received your message. Nobody is here right now; we will answer when we are back.',
      pt: 'Olá {{nome}}, recebemos sua mensagem. Agora não estamos; responderemos quando voltarmos.',
    },
  },
  {
    name: 'loan_approved',
    rule: { on: 'loan.approved' },
    texts: {
      es: 'Hola {{nombre}}, aprobamos {{titulo}} por {{amount}}. Responde a este mensaje y te contamos cómo sigue.',
      en: 'Hi {{name}}, {{title}} is approved for {{amount}}. Please reply to this message and we will tell you what comes next.',
      pt: 'Olá {{nome}}, aprovamos {{titulo}} de {{amount}}. Responda a esta mensagem e contamos os próximos passos.',
    },
  },
]

/** By name, switched off. */
export const builtIn: ReadonlyMap<string, AutomationBody> = new Map(
  all.map(({ name, rule }) => [name, automationBody.parse({ ...rule, template: name, channels: ['whatsapp', 'sms'], enabled: false })]),
)

/** Who has no name here yet. */
const nobody = { es: { nombre: 'cliente' }, en: { name: 'there' }, pt: { nome: 'cliente' } } as const

/** The texts that a built-in rule begins with, as a house writes them: WhatsApp approves them once they are submitted. */
export function builtInTemplates(name: string): TemplateInput[] {
  const { texts } = all.find((one) => one.name === name) ?? {}
  if (texts === undefined) return []
  return (['es', 'en', 'pt'] as const).map((language) => ({
    ...{ name, language, body: texts[language], defaults: { ...nobody[language] }, type: 'text', buttons: 0, whatsapp: null },
    ...{ source: 'own', status: 'unsubmitted', category: null, quality: null, rejection: null, gone: false },
  }))
}
