// Twilio's message statuses in the domain's words (twilio's own ranks: docs on message status values).
import type { MessageStatus } from '../../shared/model.ts'

/**
 * Null: a status that says nothing new (unknown ones too, since Twilio adds them without notice). What Twilio has
 * and has not yet handed on is `sending` here.
 */
export function statusOf(twilioStatus: string): MessageStatus | null {
  switch (twilioStatus.toLowerCase()) {
    case 'accepted':
    case 'scheduled':
    case 'queued':
    case 'sending':
      return 'sending'
    case 'sent':
      return 'sent'
    case 'delivered':
    case 'partially_delivered':
      return 'delivered'
    case 'read':
      return 'read'
    case 'failed':
    case 'undelivered':
      return 'failed'
    case 'canceled':
      return 'canceled'
    default:
      return null
  }
}
