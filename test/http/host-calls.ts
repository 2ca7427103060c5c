// The calls that the five systems make today, as they make them with Hilo: once as data, and as docs/host-api.md writes them in four
// languages with the function `hilo` that it begins with.

export interface HostCall {
  what: string
  method: 'GET' | 'PUT' | 'POST' | 'PATCH'
  path: string
  body?: unknown
}

type Language = 'sh' | 'js' | 'python' | 'php'

const client = { name: 'Eva', phone: '+5491122334456' }
const open = [{ from: '09:00', to: '18:00' }]
const appointment = { title: 'Check-up', contact: client, startsAt: '2030-03-02T10:00:00-03:00' }
const dayBefore = {
  at: { relativeTo: 'startsAt', offset: '-P1D' },
  purpose: 'reminder',
  channels: ['sms'],
  template: 'appointment_reminder_day',
}

export const hostCalls: Readonly<Record<string, readonly HostCall[]>> = {
  'A. Event app': [
    {
      ...{ what: 'Write to a client about an event', method: 'POST', path: '/api/messages' },
      body: { channel: 'sms', to: client.phone, coordinationId: 'ev-1', text: 'See you at 7', clientMessageId: 'ev-1-hello' },
    },
    { what: 'Conversations', method: 'GET', path: '/api/whatsapp/conversations' },
    { what: 'Messages with a number', method: 'GET', path: '/api/coordinations/ev-1/messages' },
    { what: 'How many are unread', method: 'GET', path: '/api/unread?coordinations=ev-1' },
  ],
  'B. Property CRM': [
    {
      ...{ what: 'One SMS', method: 'POST', path: '/api/messages' },
      body: { channel: 'sms', to: client.phone, text: 'Your visit is at 10', clientMessageId: 'visit-9' },
    },
    {
      ...{ what: 'Many, with what became of each', method: 'POST', path: '/api/messages/bulk' },
      body: { channel: 'sms', to: [client.phone, '+5491122334457'], text: 'New homes this week', clientBatchId: 'week-9' },
    },
    { what: 'The log', method: 'GET', path: '/api/messages?channel=sms&status=failed' },
    { what: 'Campaigns', method: 'GET', path: '/api/campaigns' },
  ],
  'C. Travel centre': [
    {
      ...{ what: 'Find or create the thread with a number', method: 'POST', path: '/api/conversations' },
      body: { channel: 'sms', to: client.phone },
    },
    { what: 'By channel and status', method: 'GET', path: '/api/conversations?channel=sms&status=open' },
    { what: 'Unread', method: 'GET', path: '/api/unread' },
    { what: 'Opening hours', method: 'PATCH', path: '/api/organization', body: { openingHours: { mon: open, tue: open, wed: open } } },
    {
      ...{ what: 'An answer out of hours', method: 'PUT', path: '/api/automations/out_of_hours' },
      body: { on: 'message.received', when: { outOfHours: true }, channels: ['whatsapp', 'sms'], template: 'out_of_hours' },
    },
  ],
  'D. Loans': [
    { what: 'Service status', method: 'GET', path: '/api/status' },
    {
      ...{ what: 'A loan, whenever it changes', method: 'PUT', path: '/api/coordinations/loan-7' },
      body: { title: 'Loan 7', contact: client, data: { amount: 350, dueDate: '2030-03-01', paid: false } },
    },
    {
      ...{ what: 'Switch the reminder on', method: 'PUT', path: '/api/automations/payment_due' },
      body: { on: 'payment.asked', purpose: 'reminder', channels: ['sms'], template: 'payment_due' },
    },
    {
      ...{ what: 'Remind of one loan now', method: 'POST', path: '/api/automations/payment_due/run' },
      body: { coordinationIds: ['loan-7'], clientMessageId: 'loan-7-march' },
    },
    {
      ...{ what: 'Remind of all that are unpaid', method: 'POST', path: '/api/automations/payment_due/run' },
      body: { where: { paid: false }, clientMessageId: 'all-march' },
    },
    {
      ...{ what: 'A payment came in', method: 'POST', path: '/api/coordinations/loan-7/events' },
      body: { type: 'payment.received', data: { amount: 350 }, clientMessageId: 'payment-12' },
    },
    {
      ...{ what: 'A loan is approved', method: 'POST', path: '/api/coordinations/loan-7/events' },
      body: { type: 'loan.approved', data: { amount: 5000 }, clientMessageId: 'approved-7' },
    },
    { what: 'Delivered and read', method: 'GET', path: '/api/messages?coordinationId=loan-7' },
  ],
  'E. Appointments': [
    { what: 'A booking, a change, another time', method: 'PUT', path: '/api/coordinations/visit-1', body: appointment },
    { what: 'Switch a reminder on', method: 'PUT', path: '/api/automations/appointment_reminder_day', body: dayBefore },
    { what: 'The plan of one', method: 'GET', path: '/api/coordinations/visit-1/plan' },
    { what: 'What would be sent, to whom', method: 'POST', path: '/api/automations/preview', body: { until: '2030-03-03T00:00:00Z' } },
    { what: 'Canceled', method: 'PUT', path: '/api/coordinations/visit-1', body: { ...appointment, status: 'canceled' } },
    { what: 'What is planned', method: 'GET', path: '/api/messages?status=scheduled' },
    {
      ...{ what: 'Its own name and time zone', method: 'PATCH', path: '/api/organization' },
      body: { senderName: 'Clínica Sol', timezone: 'America/Bogota' },
    },
  ],
}

const comment: Record<Language, string> = { sh: '#', js: '//', python: '#', php: '//' }

function writeCall(language: Language, { method, path, body }: HostCall): string {
  const value = body === undefined ? '' : write(language, body)
  switch (language) {
    case 'sh':
      return `hilo ${method} '${path}'${body === undefined ? '' : ` '${value}'`}`
    case 'js':
      return `await hilo('${method}', '${path}'${body === undefined ? '' : `, ${value}`})`
    case 'python':
      return `hilo("${method}", "${path}"${body === undefined ? '' : `, ${value}`})`
    case 'php':
      return `hilo('${method}', '${path}'${body === undefined ? '' : `, ${value}`});`
  }
}

const text = (quote: string, value: string) => `${quote}${value}${quote}`

function write(language: Language, value: unknown): string {
  if (language === 'sh') return JSON.stringify(value)
  const quote = language === 'python' ? '"' : "'"
  if (typeof value === 'string') return text(quote, value)
  if (typeof value === 'boolean' && language === 'python') return value ? 'True' : 'False'
  if (typeof value !== 'object' || value === null) return String(value)
  const all = Array.isArray(value) ? value.map((one) => write(language, one)) : null
  if (all !== null) return `[${all.join(', ')}]`
  const fields = Object.entries(value).map(([name, one]) => {
    const key = language === 'js' ? name : text(quote, name)
    return `${key}${language === 'php' ? ' => ' : ': '}${write(language, one)}`
  })
  if (language === 'php') return `[${fields.join(', ')}]`
  return language === 'js' ? `{ ${fields.join(', ')} }` : `{${fields.join(', ')}}`
}

/** As it stands in docs/host-api.md. */
export function hostCallsText(): string {
  return Object.entries(hostCalls)
    .map(([system, calls]) => {
      const blocks = (['sh', 'js', 'python', 'php'] as const).map((language) => {
        const lines = calls.flatMap((one) => [`${comment[language]} ${one.what}`, writeCall(language, one)])
        return `\`\`\`${language}\n${lines.join('\n')}\n\`\`\``
      })
      return `### ${system}\n${blocks.join('\n')}`
    })
    .join('\n\n')
}
