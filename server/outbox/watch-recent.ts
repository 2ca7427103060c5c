// Where no callback can reach us: the last messages of each sender are looked at again and again, and what changed in
// Twilio's list is merged. Messages that other systems send by the same account are left alone.
import type { Parts } from '../parts.ts'
import { completeStatus } from './complete-statuses.ts'

/** Each call is one look. */
export function createRecentWatch(parts: Parts, orgId: string): () => Promise<void> {
  /** Our messages as the list showed them last time. */
  let seen = new Map<string, string>()
  return async () => {
    const listed = await parts.organizationOf(orgId).gateway.listRecent()
    const shown = new Map(listed.map((one) => [one.twilioSid, `${one.status}|${one.price?.amount ?? ''}`]))
    const changed = listed.filter((one) => seen.get(one.twilioSid) !== shown.get(one.twilioSid))
    const states = await parts.store.sentStates(
      orgId,
      changed.map((one) => one.twilioSid),
    )
    const stateOf = new Map(states.map((state) => [state.twilioSid, state]))
    for (const one of changed) {
      const state = stateOf.get(one.twilioSid)
      if (state !== undefined) await completeStatus(parts, orgId, state, one)
      // Not ours, or not yet: its answer may be on the way.
      else shown.delete(one.twilioSid)
    }
    seen = shown
  }
}
