// Tells what became of templates as Twilio's Event Streams do: a list of CloudEvents, the address signed with the body's hash.
import type { TemplateEvent } from './contents.ts'
import type { SimulatorParts } from './parts.ts'
import { bodyHash } from './signature.ts'

export function postTemplateEvents(
  parts: Pick<SimulatorParts, 'accountSid' | 'actualUrl' | 'faults' | 'newSid' | 'poster' | 'webhookUrl'>,
  events: readonly TemplateEvent[],
): void {
  const webhookUrl = parts.webhookUrl()
  if (webhookUrl === null || parts.faults.happens('lostTemplateEvents')) return
  const body = JSON.stringify(events.map((one) => cloudEvent(parts, one)))
  const url = `${new URL(webhookUrl).origin}/webhooks/twilio/events?bodySHA256=${bodyHash(body)}`
  void parts.poster.post(url, parts.actualUrl(url), body)
}

function cloudEvent(
  { accountSid, newSid }: Pick<SimulatorParts, 'accountSid' | 'newSid'>,
  { kind, content, previousValue, currentValue, at }: TemplateEvent,
): Record<string, unknown> {
  const time = new Date(at).toISOString()
  const { sid, friendlyName, language } = content
  return {
    ...{ specversion: '1.0', type: 'com.twilio.messaging.template.approval.updated', source: `/v1/Content/${sid}` },
    ...{ id: newSid('EZ'), time, datacontenttype: 'application/json' },
    data: {
      ...{ type: kind, accountSid, channel: 'whatsapp', dateUpdated: time },
      template: { sid, friendlyName, language, previousValue, currentValue },
    },
  }
}
