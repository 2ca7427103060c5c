// The ways into the message log that the console offers, and the index that answers each, on both stores.
import type { LogFilter } from '../../server/store/records.ts'

/** Of MongoDB's indexes: how its name begins; the time follows. */
export const logWays: { filter: LogFilter; sqlite: string; mongo: string }[] = [
  { filter: {}, sqlite: 'messages_by_channel', mongo: 'orgId_1_channel_1' },
  { filter: { channel: 'sms' }, sqlite: 'messages_by_channel', mongo: 'orgId_1_channel_1' },
  { filter: { statuses: ['failed', 'canceled'] }, sqlite: 'messages_by_status', mongo: 'orgId_1_status_1' },
  { filter: { statuses: ['delivered'], channel: 'whatsapp' }, sqlite: 'messages_by_status', mongo: 'orgId_1_status_1' },
  { filter: { direction: 'inbound' }, sqlite: 'messages_by_status', mongo: 'orgId_1_status_1' },
  { filter: { direction: 'outbound' }, sqlite: 'messages_by_status', mongo: 'orgId_1_status_1' },
  { filter: { direction: 'internal' }, sqlite: 'messages_internal', mongo: 'orgId_1_direction_1' },
  { filter: { authorType: 'agent' }, sqlite: 'messages_by_author_type', mongo: 'orgId_1_author.type_1' },
  { filter: { authorId: 'agent-ana' }, sqlite: 'messages_by_author', mongo: 'orgId_1_author.id_1' },
  { filter: { authorType: 'campaign', authorId: 'c-1', statuses: ['failed'] }, sqlite: 'messages_by_author', mongo: 'orgId_1_author.id_1' },
  { filter: { errorCode: 63016 }, sqlite: 'messages_by_error_code', mongo: 'orgId_1_error.code_1' },
  { filter: { errorReason: 'window', direction: 'outbound' }, sqlite: 'messages_by_error_reason', mongo: 'orgId_1_error.reason_1' },
  { filter: { retryable: true }, sqlite: 'messages_by_status', mongo: 'orgId_1_status_1' },
]
