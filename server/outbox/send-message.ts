// Enters what an agent (or the host, in its name) wrote: the one way into the outbox. Checked here: target, window,
// opt-out, template, sender; checked by the store in the same step as the write: repeats, collision, hourly limit.
import type { z } from 'zod'
import type { Message } from '../../shared/model.ts'
import { DomainError } from '../../shared/problems.ts'
import type { sendMessage as sendMessageBody } from '../../shared/requests.ts'
import type { Organization } from '../organizations.ts'
import type { Caller, Parts } from '../parts.ts'
import { partIds } from '../rules/draft-parts.ts'
import { isSameSend, type WantedSend } from '../rules/is-same-send.ts'
import { filesOf, type KeptFile } from '../rules/media.ts'
import { consentOf } from '../rules/opt-out.ts'
import { splitMedia } from '../../shared/split-media.ts'
import { tidyValues } from '../rules/template.ts'
import type { Draft, Keyed, OwnConversationState } from '../store/records.ts'
import { tell } from '../tell.ts'
import { contentOf, partOf, type Said } from './content.ts'
import { dueTime } from './due-time.ts'
import { filesOfSend } from './files.ts'
import { agentChecks, hasOptedOut, limitReached, mayLeave, windowIsClosed } from './refusals.ts'
import { planBOf } from './plan-b.ts'
import { parseTarget, recipientOf, senderFor, targetOf } from './target.ts'

export type SendBody = z.output<typeof sendMessageBody>
export interface Sent {
  message: Message
  /** All that the call became, that one first. */
  messages: Message[]
  conversation: OwnConversationState
  /** False: the same `clientMessageId` was here before, this is its message. */
  created: boolean
}

const WAIT_MS = 10_000

/**
 * Durable before it resolves. The same `clientMessageId` of the same agent gives the first message, also at once, where it
 * says the same to the same; else it is a `conflict` that carries the first.
 *
 * With files it may become several messages, which enter together, in their order.
 *
 * @throws DomainError `not_found`, `forbidden`, `invalid_phone`, `no_sender`, `opted_out`, `window_closed` (with
 *   `templates`), `template_not_approved`, `template_variables_missing`, `unsupported_media`, `no_public_url`, `conflict`,
 *   `limit_reached`.
 */
export async function sendMessage(parts: Parts, caller: Caller, body: SendBody): Promise<Sent> {
  const { store } = parts
  const key = body.clientMessageId === undefined ? null : clientKey(caller.agentId, body.clientMessageId)
  const earlier = async () => (key === null ? null : await store.findByKey(caller.orgId, key))
  const first = await earlier()
  if (first !== null) return repeat(parts, caller, first, body)
  try {
    return await enterNew(parts, caller, body, key)
  } catch (error) {
    // The same request, asked before and not answered, may have entered it meanwhile: what refuses this one came after.
    const entered = error instanceof DomainError && error.code !== 'unavailable' ? await earlier() : null
    if (entered === null) throw error
    return repeat(parts, caller, entered, body)
  }
}

async function enterNew(parts: Parts, caller: Caller, body: SendBody, key: string | null): Promise<Sent> {
  const { store } = parts
  const own = parts.organizationOf(caller.orgId)
  const target = await targetOf(parts, caller, body)
  const now = parts.clock.now()
  const heldUntil = body.undoFor === undefined ? null : now + body.undoFor * 1000
  const goesAt = heldUntil ?? now
  const to = recipientOf(caller, target, body.sendAt === undefined ? goesAt : Date.parse(body.sendAt))
  if (body.note === undefined) await mayLeave(parts, own, target, body.template === undefined && body.sendAt === undefined ? goesAt : null)
  const said = body.note === undefined ? await contentOf(parts, own, target.channel, saidOf(body), to) : null
  const [head, ...others] = body.media
    ? splitMedia(target.channel, body.text ?? '', await filesOfSend(parts, own.id, target, body.media))
    : []
  const content =
    said !== null
      ? ({ direction: 'outbound', ...said.words } as const)
      : ({ direction: 'internal', type: 'note', text: body.note ?? '', template: null, content: null, cost: 0 } as const)
  const planB = body.planB === undefined ? null : await planBOf(parts, own, { ...target, ...to }, body.planB)
  const conversationId = await target.conversationId()
  if (body.replyToId !== undefined) await mustHold(parts, caller, conversationId, body.replyToId)

  // Its way out is decided as it comes due, also where that is now.
  const dueAt = body.sendAt === undefined ? heldUntil : (dueTime(body.sendAt, now) ?? (planB && now))
  const draft: Draft = {
    id: parts.newId(),
    orgId: caller.orgId,
    conversationId,
    author: { type: 'agent', id: caller.agentId, name: caller.name },
    ...content,
    ...(head ? partOf(target.channel, head) : {}),
    parts: others.map((part) => partOf(target.channel, part)),
    planB,
    replyToId: body.replyToId ?? null,
    retryOf: null,
    fallbackOf: null,
    clientMessageId: body.clientMessageId ?? null,
    key,
    askedRecord: target.coordinationId,
    lane: 0,
    sensitive: body.sensitive ?? (said?.code ?? null) !== null,
    dueAt,
    expiresInMs: body.expiresIn === undefined ? (said?.code?.livesMs ?? null) : body.expiresIn * 1000,
    createdAt: now,
  }
  const checks = {
    ...agentChecks(own, goesAt, said?.needsWindow ?? false, said === null ? null : consentOf(said.words), 1 + others.length),
    ifNoAnswerSince: body.ifNoAnswerSince ?? null,
  }
  const entered = await (heldUntil !== null
    ? store.hold(draft, checks)
    : dueAt !== null
      ? store.schedule(draft)
      : store.enter(draft, checks))
  switch (entered.outcome) {
    case 'missing':
      throw new DomainError('not_found', 'The conversation does not exist any more.')
    case 'answered':
      throw new DomainError('conflict', `${entered.by.author.name} answered meanwhile. Read that first, then send again.`)
    case 'opted_out':
      throw hasOptedOut()
    case 'closed':
      throw await windowIsClosed(parts, own.id)
    case 'limited':
      throw limitReached(entered.until, now)
    case 'repeated':
      return repeat(parts, caller, await store.findByKey(caller.orgId, key ?? ''), body)
  }
  tell(parts, entered.changes)
  if (body.assign && body.note === undefined && entered.conversation.assignee === null) await take(parts, caller, conversationId)
  const also = entered.changes.messages.filter(({ id }) => id !== entered.message.id)
  return answer(parts, caller, [entered.message, ...also], body.wait, true)
}

/** The agent's id is the host's, and may hold the sign that separates. */
function clientKey(agentId: string, clientMessageId: string): string {
  return `client|${agentId.replaceAll('%', '%25').replaceAll('|', '%7C')}|${clientMessageId}`
}

/** A key that was used before: the first message, or a conflict that carries it; nothing where the scope no longer holds it. */
async function repeat(parts: Parts, caller: Caller, first: Keyed | null, body: SendBody): Promise<Sent> {
  const message = first && (await parts.store.message(caller, first.message.id))
  const conversation = message && (await parts.store.conversation(caller, message.conversationId))
  if (!first || !message || !conversation) throw new DomainError('not_found', 'No such message.')
  const { address, phone } = conversation.contact
  const line = { sender: conversation.sender, addresses: [address, phone ?? address] }
  const also = await othersOf(parts, caller, message)
  const media = await filesWith(parts, [message, ...also])
  if (!isSameSend({ ...first, message, media }, line, await wantedOf(parts, parts.organizationOf(caller.orgId), body)))
    throw new DomainError(
      'conflict',
      'This clientMessageId was used before, for what `message` holds. Give a new message an id of its own.',
      {
        message,
      },
    )
  return answer(parts, caller, [message, ...also], body.wait, false)
}

/** What entered with it. */
async function othersOf({ store }: Parts, caller: Caller, { id }: Message): Promise<Message[]> {
  const others: Message[] = []
  for (const partId of partIds(id)) {
    const part = await store.message(caller, partId)
    if (part === null) break
    others.push(part)
  }
  return others
}

async function filesWith({ store }: Parts, messages: readonly Message[]): Promise<KeptFile[]> {
  const found = await Promise.all(messages.map(({ id }) => store.messageMedia(id)))
  return found.flatMap((one) => filesOf(one?.items ?? []))
}

async function wantedOf({ uploads }: Parts, own: Organization, body: SendBody): Promise<WantedSend> {
  const { text, note, replyToId, conversationId, coordinationId, channel = 'whatsapp' } = body
  const template = body.template && { ...body.template, variables: tidyValues(body.template.variables) }
  const planB = body.planB && {
    ...(body.planB.template ? { template: { ...body.planB.template, variables: tidyValues(body.planB.template.variables) } } : {}),
    sms: body.planB.sms ?? false,
  }
  const files = body.media?.map(async ({ id = '', url }) => (url === undefined ? ((await uploads.find(own.id, id))?.hash ?? '') : url))
  const content = { text, note, replyToId, template, planB, media: files && (await Promise.all(files)) }
  if (conversationId !== undefined) return { ...content, to: { conversationId, coordinationId } }
  const sender = body.from === undefined ? undefined : senderFor(own, channel, body.from)
  const address = parseTarget(own, channel, body.to ?? '')
  return { ...content, to: { channel, address, sender, coordinationId: coordinationId ?? null } }
}

async function take(parts: Parts, caller: Caller, conversationId: string): Promise<void> {
  const done = await parts.store.updateConversation(caller, conversationId, { taker: { id: caller.agentId, name: caller.name } })
  if (done) tell(parts, done.changes)
}

const saidOf = ({ text = '', template }: SendBody): Said => (template ? { template } : { text })

async function mustHold(parts: Parts, caller: Caller, conversationId: string, messageId: string): Promise<void> {
  const quoted = await parts.store.message(caller, messageId)
  if (quoted?.conversationId !== conversationId)
    throw new DomainError('validation_failed', 'replyToId names no message of this conversation.', {
      issues: [{ path: 'replyToId', message: 'is no message of this conversation' }],
    })
}

async function answer(
  parts: Parts,
  caller: Caller,
  messages: readonly [Message, ...Message[]],
  wait: 'sent' | undefined,
  created: boolean,
): Promise<Sent> {
  const ended = async (message: Message) => {
    if (wait !== 'sent' || message.direction !== 'outbound' || message.status === 'scheduled') return message
    await parts.dispatch.settled(message.id, WAIT_MS)
    return (await parts.store.message(caller, message.id)) ?? message
  }
  const all = await Promise.all(messages.map(ended))
  const shown = all[0] ?? messages[0]
  const conversation = await parts.store.conversation(caller, shown.conversationId)
  if (conversation === null) throw new DomainError('not_found', 'No such message.')
  return { message: shown, messages: all, conversation, created }
}
