// What the demo host sets up for its day's work: the texts with buttons, the automations that send them, and the webhook that tells it of
// a client's answer. Once: what was deleted stays deleted.
import { createHash } from 'node:crypto'
import { automationBody } from '../../shared/automations.ts'
import { webhookBody } from '../../shared/webhook-requests.ts'
import { saveAutomation } from '../automations/save-automation.ts'
import { demoCaller } from './agents.ts'
import type { Parts } from '../parts.ts'
import { saveWebhook } from '../webhooks/save-webhook.ts'
import { demoAutomations, demoTemplates } from './contents.ts'

export const HOOK_PATH = '/demo/hook'
const WEBHOOK = 'demo'
const SEEDED = 'demo-day'
const { orgId } = demoCaller(0)

/** Known to both sides, as the secret that they share. */
export const hookSecret = (secret: string): string => `whsec_${createHash('sha256').update(`hook ${secret}`).digest('base64')}`

export async function seedDay(parts: Parts, { url, secret }: { url: string; secret: string }): Promise<void> {
  const { store, clock } = parts
  // The port, and with it the address, may be another one.
  const hook = { url: `${url}${HOOK_PATH}`, events: ['action'], secret: hookSecret(secret) }
  const mark = String(clock.now())
  if ((await store.keepFirst(SEEDED, mark)) !== mark) {
    if ((await store.setting(orgId, 'webhook', WEBHOOK)) !== null) await saveWebhook(parts, orgId, WEBHOOK, webhookBody.parse(hook))
    return
  }
  for (const one of demoTemplates) await store.changeTemplate(orgId, one, (before) => before ?? one, clock.now())
  for (const [name, rule] of Object.entries(demoAutomations)) await saveAutomation(parts, orgId, name, automationBody.parse(rule))
  await saveWebhook(parts, orgId, WEBHOOK, webhookBody.parse(hook))
}
