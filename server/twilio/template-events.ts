// Twilio's Event Streams, as far as they tell of templates: a list of CloudEvents, of which unknown ones are no fault.
import { z } from 'zod'
import type { TemplateEvent } from '../rules/template.ts'

const kinds = { status_update: 'status', category_update: 'category', quality_update: 'quality' } as const

const templateEvent = z.object({
  type: z.literal('com.twilio.messaging.template.approval.updated'),
  time: z.string().optional(),
  data: z.object({
    type: z.enum(['status_update', 'category_update', 'quality_update']),
    accountSid: z.string().optional(),
    dateUpdated: z.string().optional(),
    template: z.object({ sid: z.string(), currentValue: z.string() }),
  }),
})

/** Null: it is no JSON. One event alone is a list of one. */
export function readTemplateEvents(body: Buffer, accountSid: string, now: number): TemplateEvent[] | null {
  let parsed: unknown
  try {
    parsed = JSON.parse(body.toString('utf8'))
  } catch {
    return null
  }
  return (Array.isArray(parsed) ? parsed : [parsed]).flatMap((one) => {
    const { success, data: event } = templateEvent.safeParse(one)
    if (!success || (event.data.accountSid ?? accountSid) !== accountSid) return []
    const { type, template, dateUpdated } = event.data
    const at = Date.parse(dateUpdated ?? event.time ?? '')
    return [{ contentSid: template.sid, kind: kinds[type], value: template.currentValue, at: Number.isNaN(at) ? now : at }]
  })
}
