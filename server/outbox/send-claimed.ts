// Sends one claimed message and writes down how it ended. What is checked here was checked when it was entered, and
// may have changed since.
import { isOpen } from '../../shared/status.ts'
import { windowIsOpen } from '../../shared/window.ts'
import { isOutOfReach } from '../private-host.ts'
import type { Failure } from '../../shared/model.ts'
import type { Parts } from '../parts.ts'
import { failAttempt, keepCategory, type MessageRule, putBack as putBackRule, unconfirm } from '../rules/message.ts'
import type { Claim, MessageChanged } from '../store/records.ts'
import { changeMessage } from './change-message.ts'
import type { ListedMessage } from './gateway.ts'
import { keepAnswer } from './keep-answer.ts'
import type { Leave } from './pacer.ts'
import { findInList } from './find-in-list.ts'
import { checkApproval } from '../templates/check-approval.ts'
import { closeRefusedWindow } from './heed-closed-window.ts'
import { fallBack } from './fall-back.ts'
import { heedRefusal } from './heed-opt-out.ts'
import { expired, noPublicUrl, noSender, optedOut, windowClosed } from './failures.ts'
import { seesAll } from '../store/sees-all.ts'

/** The line afterwards: it goes on, waits, or waits for somebody to find out. */
export type SendResult = { next: 'go' } | { next: 'wait'; ms: number } | { next: 'look' }

/** Grows from half a second up to the longest, with jitter so that lines do not come back together. */
function backoffMs(setbacks: number, longestMs: number): number {
  return Math.ceil(Math.min(longestMs, 500 * 2 ** Math.min(setbacks, 8)) * (0.7 + Math.random() * 0.3))
}
/** Trying to connect costs Twilio nothing, and an agent waits; being throttled asks for more patience. */
const LONGEST_MS = { not_sent: 5_000, throttled: 30_000 }

/** Before a second request, while the list does not answer. */
const LOOK_AGAIN_MS = 5_000
/** With the time that a request may take, less than the lease of a claim. */
const STALE_MS = 20_000

/** Writes down what Twilio answered, however long the store is away. */
export type Persist = <T>(write: () => Promise<T>) => Promise<T>

/** @throws DomainError `unavailable` when the store cannot be reached; nothing was sent then, or it is written down later. */
export async function sendClaimed(parts: Parts, claim: Claim, setbacks: number, leave: Leave, persist: Persist): Promise<SendResult> {
  const { clock, publish, log } = parts
  const { gateway, senders } = parts.organizationOf(claim.orgId)
  const { message } = claim
  const approval = await checkApproval(parts, claim)
  const refusal = refusalNow(parts, claim) ?? approval?.refusal ?? null
  if (refusal !== null) {
    await persist(() => fallBack(parts, claim.orgId, message, refusal))
    await change(failAttempt(claim, refusal, clock.now()))
    return { next: 'go' }
  }
  if (approval !== null && approval.category !== (message.template?.category ?? null)) await change(keepCategory(claim, approval.category))
  if (claim.attempt > 1) {
    // The last look may be a while ago: a rate limit, or a machine that slept.
    const found = await lookOnceMore(parts, claim)
    if (found === 'unreadable') return putBack(LOOK_AGAIN_MS)
    if (found !== null) {
      await persist(() => keepAnswer(parts, claim, found))
      return { next: 'go' }
    }
    // It took a while, and the client may have written since the claim.
    const thread = await parts.store.conversation(seesAll(claim.orgId), message.conversationId)
    if (thread?.optedOut) {
      await change(failAttempt(claim, optedOut, clock.now()))
      return { next: 'go' }
    }
  }
  // Another process may have taken the claim for lost, and may be sending it now.
  if (clock.now() - claim.claimedAt > STALE_MS) return putBack(1)
  const left = message.expiresAt === null ? null : Math.floor((Date.parse(message.expiresAt) - clock.now()) / 1000)
  leave.begin(clock.elapsed())
  const outcome = await gateway
    .send({
      messageId: message.id,
      channel: claim.channel,
      sender: claim.sender,
      address: claim.address,
      text: message.text,
      content: claim.content,
      mediaUrls: message.media.map(({ id }) => parts.mediaUrl(id)),
      validitySeconds: left === null ? null : Math.min(36_000, Math.max(1, left)),
    })
    .finally(() => leave.end(clock.elapsed()))
  switch (outcome.kind) {
    case 'accepted': {
      await persist(() => keepAnswer(parts, claim, outcome))
      if (senders.works(claim.channel, 'request')) publish.channels(claim.orgId)
      return { next: 'go' }
    }
    case 'refused': {
      log.warn({ messageId: message.id, code: outcome.failure.code }, 'Twilio refused a message')
      // Before the line goes on: what waits behind it would run into the same.
      await persist(() => closeRefusedWindow(parts, claim, outcome.failure))
      await persist(() => heedRefusal(parts, claim, outcome.failure))
      await persist(() => fallBack(parts, claim.orgId, message, outcome.failure))
      await change(failAttempt(claim, outcome.failure, clock.now()))
      const fault = { step: 'request', reason: faultOf(outcome.failure), at: clock.now() } as const
      if (outcome.ofChannel && senders.noteFault(claim.channel, fault)) publish.channels(claim.orgId)
      return { next: 'go' }
    }
    case 'throttled':
    case 'not_sent': {
      const ms =
        outcome.kind === 'throttled' && outcome.retryAfterMs !== null ? outcome.retryAfterMs : backoffMs(setbacks, LONGEST_MS[outcome.kind])
      log.warn({ messageId: message.id, waitMs: Math.round(ms), kind: outcome.kind }, 'Twilio did not take a message; it is put back')
      return putBack(ms)
    }
    case 'unknown': {
      log.warn({ messageId: message.id, attempt: claim.attempt }, 'Twilio’s answer to a message never came')
      const done = await change(unconfirm(claim))
      // A status callback may have settled it while the answer was on its way.
      const settled = done !== null && !isOpen(done.message.status, done.message.twilioSid)
      return { next: settled ? 'go' : 'look' }
    }
  }

  /** Nothing was sent. */
  async function putBack(ms: number): Promise<SendResult> {
    // Whole: stores keep times as integers.
    const notBefore = clock.now() + Math.ceil(ms)
    const delay = { reason: 'provider', until: new Date(notBefore).toISOString() } as const
    await change(putBackRule(claim, { notBefore, delay }))
    return { next: 'wait', ms }
  }

  function change(rule: MessageRule): Promise<MessageChanged | null> {
    return persist(() => changeMessage(parts, claim.orgId, message.id, rule))
  }
}

async function lookOnceMore(parts: Parts, claim: Claim): Promise<ListedMessage | null | 'unreadable'> {
  return findInList(parts, claim).catch((error: unknown) => {
    parts.log.warn({ messageId: claim.message.id, err: error }, 'Twilio’s list could not be read; the message waits')
    return 'unreadable'
  })
}

function refusalNow(parts: Parts, claim: Claim): Failure | null {
  const now = parts.clock.now()
  const { message } = claim
  if (message.expiresAt !== null && Date.parse(message.expiresAt) <= now) return expired
  if (claim.optedOut) return optedOut
  if (message.template === undefined && !windowIsOpen(claim.channel, claim.lastInboundAt, now)) return windowClosed
  if (parts.organizationOf(claim.orgId).senders.find(claim.channel, claim.sender) === null)
    return noSender(`${claim.sender} is not configured.`)
  if (message.media.length > 0 && isOutOfReach(parts.config.publicUrl, parts.config.twilio?.apiUrl ?? null)) return noPublicUrl
  const ready = parts.organizationOf(claim.orgId).senders.readiness(claim.channel)
  return ready.ready ? null : noSender(ready.reason)
}

function faultOf(failure: Failure): string {
  return `Twilio refuses our credentials or this sender (${failure.code ?? 'no code'}): ${failure.message}`
}
