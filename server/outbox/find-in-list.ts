// Whether a message whose answer was lost is in the provider's list. Pure but for the two questions it asks.
import type { Parts } from '../parts.ts'
import type { Claim } from '../store/records.ts'
import type { ListedMessage } from './gateway.ts'

/** Clocks differ, and Twilio dates by its own. */
const SKEW_MS = 2 * 60_000
const trialPrefix = /^Sent from your Twilio trial account\s*-\s*/i

/**
 * One line has one send in flight, so an outbound message to its address since the first claim, with an SID that no
 * message of ours has and with our text, is ours. Of several (two attempts, or another system of the same account that
 * sent the same) the one nearest to when we asked.
 *
 * @throws what the gateway throws when it cannot be asked.
 */
export async function findInList(parts: Pick<Parts, 'organizationOf' | 'store' | 'clock'>, claim: Claim): Promise<ListedMessage | null> {
  const { channel, address, firstClaimedAt, claimedAt } = claim
  // Our clock may have been set back since the claim.
  const since = Math.min(firstClaimedAt, parts.clock.now()) - SKEW_MS
  const listed = await parts.organizationOf(claim.orgId).gateway.listSent({ channel, address, since })
  const away = (one: ListedMessage) => Math.min(Math.abs(one.createdAt - firstClaimedAt), Math.abs(one.createdAt - claimedAt))
  const candidates = listed.filter((one) => isOurs(one, claim)).sort((a, b) => away(a) - away(b) || a.createdAt - b.createdAt)
  if (candidates.length === 0) return null
  const known = await parts.store.knownSids(
    claim.orgId,
    candidates.map((one) => one.twilioSid),
  )
  return candidates.find((one) => !known.has(one.twilioSid)) ?? null
}

function isOurs(listed: ListedMessage, claim: Claim): boolean {
  if (listed.direction !== 'outbound') return false
  if (listed.from !== null && listed.from !== claim.sender && !claim.sender.startsWith('MG')) return false
  const text = folded(listed.text.replace(trialPrefix, ''))
  const ours = folded(claim.message.text)
  if (text === ours) return true
  if (claim.content === null || text === '') return false
  // Twilio renders the template itself, and may word its static part a little differently from what we keep.
  const values = Object.values(claim.content.variables)
  if (values.length === 0) return text.includes(ours) || ours.includes(text)
  return values.every((value) => text.includes(folded(value)))
}

/** Without what Twilio may change on the way: white space, and typographic signs on SMS. */
function folded(text: string): string {
  return text
    .normalize('NFKC')
    .replace(/[\u2018\u2019\u02bc]/g, "'")
    .replace(/[\u201c\u201d\u00ab\u00bb]/g, '"')
    .replace(/[\u2010-\u2015]/g, '-')
    .replace(/\s+/g, ' ')
    .trim()
}
