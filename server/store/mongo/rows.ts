// Documents → the model. Nothing of the layout (keys, pending, ordinals) leaves this folder.
import { ownForm } from '../../rules/coordination.ts'
import { consentOf, listOptOuts, refuses } from '../../rules/opt-out.ts'
import { showMedia } from '../../rules/media.ts'
import { shownMedia } from '../../rules/shown-media.ts'
import type { Contact, Coordination, Message } from '../../../shared/model.ts'
import { isOpen } from '../../../shared/status.ts'
import { unreadOf } from '../../../shared/unread.ts'
import type { Claim, ConversationState, OwnConversationState, Scope } from '../records.ts'
import type { ContactDoc, ConversationDoc, CoordinationDoc, LineDoc, MessageDoc, PreviewDoc, ReaderDoc } from './documents.ts'
import { optOutFactsOf } from './line.ts'

export const toIso = (time: number | null): string | null => (time === null ? null : new Date(time).toISOString())

export function toMessage(doc: MessageDoc): Message {
  return {
    id: doc._id,
    conversationId: doc.conversationId,
    coordinationId: doc.coordinationId,
    seq: doc.seq,
    direction: doc.direction,
    type: doc.type,
    channel: doc.channel,
    author: doc.author,
    text: doc.text,
    media: [],
    ...(doc.location ? { location: doc.location } : {}),
    ...(doc.contacts ? { contacts: doc.contacts } : {}),
    ...(doc.button ? { button: doc.button } : {}),
    ...(doc.template === null ? {} : { template: JSON.parse(doc.template) as NonNullable<Message['template']> }),
    ...(doc.marketing ? { marketing: true as const } : {}),
    ...(doc.event ? { event: doc.event } : {}),
    ...(doc.planB ? { planB: JSON.parse(doc.planB) as NonNullable<Message['planB']> } : {}),
    ...(doc.moved ? { moved: doc.moved } : {}),
    ...(doc.arrived ? { arrived: doc.arrived } : {}),
    ...(doc.referral ? { referral: doc.referral } : {}),
    ...(doc.media ? showMedia(doc.media) : {}),
    replyToId: doc.replyToId,
    forwarded: doc.forwarded,
    status: doc.status,
    delay: doc.delay,
    error: doc.error,
    ...(doc.putAway ? { putAway: true as const } : {}),
    ...(doc.erased ? { erased: true as const } : {}),
    retryOf: doc.retryOf,
    fallbackOf: doc.fallbackOf,
    twilioSid: doc.twilioSid,
    clientMessageId: doc.clientMessageId,
    recovered: doc.recovered,
    sensitive: doc.sensitive,
    dueAt: toIso(doc.dueAt),
    expiresAt: toIso(doc.expiresAt),
    createdAt: new Date(doc.createdAt).toISOString(),
    sentAt: toIso(doc.sentAt),
    deliveredAt: toIso(doc.deliveredAt),
    readAt: toIso(doc.readAt),
    failedAt: toIso(doc.failedAt),
    price: doc.price,
    rev: doc.rev,
  }
}

/** A message as the list shows it. */
export function toPreview(doc: MessageDoc, seq: number): PreviewDoc {
  const { direction, type, author, status, createdAt, rev } = doc
  const attachment = shownMedia(doc.media ?? [])
  return { id: doc._id, seq, direction, type, author, text: doc.sensitive ? '' : doc.text, attachment, status, createdAt, rev }
}

function recordOf({ record, channel, phone: shown }: ConversationDoc): ConversationState['coordination'] {
  if (record === null) return null
  const { phone, phones, ...rest } = record
  const own = phone === undefined ? null : ownForm({ phone, ...(phones ? { phones } : {}) }, channel, shown)
  return own === null ? rest : { ...rest, phone: own }
}

export function toConversation(doc: ConversationDoc): ConversationState {
  const last = doc.lastMessage
  return {
    id: doc._id,
    channel: doc.channel,
    sender: doc.sender,
    lineId: doc.lineId,
    contact: { id: doc.contactId, name: doc.contactName, phone: doc.phone, address: doc.address },
    coordinationId: doc.coordinationId,
    coordination: recordOf(doc),
    status: doc.status,
    snoozedUntil: toIso(doc.snoozedUntil),
    assignee: doc.assignee,
    inboundCount: doc.inboundCount,
    answeredCount: doc.answeredCount,
    awaitingReplySince: toIso(doc.awaitingSince),
    lastInboundAt: doc.lastInboundAt,
    optedOut: doc.optedOutAt !== null,
    hint: doc.hint,
    lastMessage: last && {
      id: last.id,
      seq: last.seq,
      direction: last.direction,
      type: last.type,
      author: last.author,
      text: last.text,
      ...(last.attachment && { attachment: last.attachment }),
      status: last.status,
      createdAt: new Date(last.createdAt).toISOString(),
    },
    failures: doc.failures ?? [],
    lastSeq: doc.lastSeq,
    activityAt: toIso(doc.activityAt),
    tags: doc.tags,
    rev: doc.rev,
    createdAt: new Date(doc.createdAt).toISOString(),
    updatedAt: new Date(doc.updatedAt).toISOString(),
  }
}

export function toOwn(doc: ConversationDoc, reader: ReaderDoc | undefined): OwnConversationState {
  const readCount = reader?.readCount ?? 0
  return { ...toConversation(doc), readCount, readSeq: reader?.readSeq ?? 0, unread: unreadOf(doc, readCount) }
}

/** `line`: flushed. */
export function toClaim(doc: MessageDoc, line: LineDoc): Claim {
  return {
    message: toMessage(doc),
    orgId: doc.orgId,
    lineId: doc.lineId,
    channel: doc.channel,
    sender: doc.sender,
    address: line.address,
    content: doc.content === null ? null : (JSON.parse(doc.content) as Claim['content']),
    attempt: doc.attempt,
    claimedAt: doc.claimedAt ?? 0,
    firstClaimedAt: doc.firstClaimedAt ?? doc.claimedAt ?? 0,
    lastInboundAt: line.lastInboundAt,
    optedOut: refuses(optOutFactsOf(line), consentOf(doc)),
    lane: doc.lane,
    cost: doc.cost,
  }
}

/** `optOuts` of its lines; a scoped viewer is not told of a conflict, the other contact may be none of his. */
export function toContact(doc: ContactDoc, lines: readonly LineDoc[], scope: Scope): Contact {
  return {
    id: doc._id,
    name: doc.name,
    externalId: doc.externalId,
    addresses: doc.addresses,
    attributes: JSON.parse(doc.attributes) as Contact['attributes'],
    optOuts: lines.flatMap((line) =>
      listOptOuts(optOutFactsOf(line)).map((one) => ({ channel: line.channel, sender: line.sender, ...one })),
    ),
    conflict: scope === null ? doc.conflict : null,
    tags: doc.tags,
    rev: doc.rev,
    createdAt: new Date(doc.createdAt).toISOString(),
    updatedAt: new Date(doc.updatedAt).toISOString(),
  }
}

export function toCoordination(doc: CoordinationDoc): Coordination {
  return {
    id: doc.id,
    title: doc.title,
    contact: doc.contact,
    startsAt: doc.startsAt,
    ...(doc.timezone === null ? {} : { timezone: doc.timezone }),
    ...(doc.url ? { url: doc.url } : {}),
    ...(doc.provisional ? { provisional: true as const } : {}),
    status: doc.status,
    ...(doc.agent === null ? {} : { agent: doc.agent }),
    data: JSON.parse(doc.data) as Coordination['data'],
    rev: doc.rev,
    createdAt: new Date(doc.createdAt).toISOString(),
    updatedAt: new Date(doc.updatedAt).toISOString(),
  }
}

/** Whether it still holds its line. */
export const holdsLine = (doc: MessageDoc): boolean => isOpen(doc.status, doc.twilioSid)
