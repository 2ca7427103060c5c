// The approved templates that the simulator answers with: Twilio's sandbox samples under the sids they have there, so that a text
// tried here also leaves there, and an opening in three languages. Opening templates elsewhere refer to these sids.

export interface SimulatorContent {
  sid: string
  friendlyName: string
  language: string
  body: string
  /** Sample values by placeholder; Twilio silently uses them for what a send leaves out. */
  variables: Record<string, string>
  /** Quick replies, in their order. */
  buttons?: readonly { id: string; title: string }[]
}

export const simulatorContents: readonly SimulatorContent[] = [
  {
    sid: 'HX5a1d0000000000000000000000000001',
    friendlyName: 'saludo',
    language: 'es',
    body: 'Hola {{1}}, te escribimos de {{2}}. ¿Podemos seguir por acá?',
    variables: { '1': 'Ana', '2': 'Ágora Eventos' },
  },
  {
    sid: 'HX5a1d0000000000000000000000000002',
    friendlyName: 'saludo_en',
    language: 'en',
    body: 'Hello {{1}}, this is {{2}}. May we write to you here?',
    variables: { '1': 'Ana', '2': 'Ágora Eventos' },
  },
  {
    sid: 'HX5a1d0000000000000000000000000003',
    friendlyName: 'saludo_pt',
    language: 'pt_BR',
    body: 'Olá {{1}}, aqui é da {{2}}. Podemos continuar por aqui?',
    variables: { '1': 'Ana', '2': 'Ágora Eventos' },
  },
  {
    sid: 'HXb5b62575e6e4ff6129ad7c8efe1f983e',
    friendlyName: 'sample_appointment_reminder',
    language: 'en',
    body: 'Your appointment is coming up on {{1}} at {{2}}. If you need to change it, please reply back and let us know.',
    variables: { '1': '12/1', '2': '3pm' },
  },
  {
    sid: 'HX350d429d32e64a552466cafecbe95f3c',
    friendlyName: 'sample_order_delivery',
    language: 'en',
    body: 'Thank you for your order. Your delivery is scheduled for {{1}} at {{2}}.',
    variables: { '1': '12/1', '2': '3pm' },
  },
  {
    sid: 'HX229f5a04fd0510ce1b071852155d3e75',
    friendlyName: 'sample_verification_code',
    language: 'en',
    body: '{{1}} is your verification code. For your security, do not share this code.',
    variables: { '1': '409173' },
  },
]

/** The text that the client reads: given values, else the samples, else nothing. */
export function renderContent({ body, variables }: SimulatorContent, given: Readonly<Record<string, string>>): string {
  return body.replace(/\{\{\s*([\w.-]+)\s*\}\}/g, (_, name: string) => given[name] ?? variables[name] ?? '')
}
