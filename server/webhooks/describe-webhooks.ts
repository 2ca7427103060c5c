// Whether each webhook of the host is told, and why not.
import type { Parts } from '../parts.ts'
import { listWebhooks } from './save-webhook.ts'
import { isOn, type Webhook } from './webhook.ts'

/** By their names. */
export async function describeWebhooks(parts: Pick<Parts, 'store'>, orgId: string) {
  return (await listWebhooks(parts, orgId)).map((one) => ({
    name: one.name,
    ready: isOn(one) && one.failingSince === null,
    reason: reasonOf(one),
  }))
}

function reasonOf({ enabled, off, failingSince }: Webhook): string | null {
  if (off?.reason === 'gone') return 'Switched off: the host answered 410. Save it again to switch it on.'
  if (off !== null) return 'Switched off: the host took nothing for days. Save it again to switch it on.'
  if (!enabled) return 'Switched off.'
  return failingSince === null ? null : `The host has taken nothing since ${new Date(failingSince).toISOString()}.`
}
