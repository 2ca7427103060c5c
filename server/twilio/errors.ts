// Twilio's error codes in the domain's words. What an agent reads about each stands in shared/failure-texts.ts.
// Source: Twilio's error dictionary; an unknown code is shown to a person with Twilio's own words.
import type { Failure, FailureAction, FailureReason } from '../../shared/model.ts'

export const catalogue: Readonly<Record<number, readonly [FailureReason, FailureAction, string]>> = {
  20003: ['account', 'none', 'Authentication failed or the account is suspended'],
  20404: ['template', 'none', 'The resource was not found in this account'],
  20429: ['rate', 'retry', 'Too many requests'],
  21211: ['invalid_number', 'fix_number', "Invalid 'To' phone number"],
  21212: ['sender', 'none', "Invalid 'From' number"],
  21214: ['invalid_number', 'fix_number', 'The number cannot be reached'],
  21217: ['invalid_number', 'fix_number', 'The number cannot be reached'],
  21408: ['account', 'none', 'Sending to this country is not enabled'],
  21601: ['sender', 'none', 'The sender cannot send SMS'],
  21602: ['content', 'none', 'The message has no text'],
  21603: ['sender', 'none', 'No sender was given'],
  21604: ['invalid_number', 'fix_number', 'No recipient was given'],
  21606: ['sender', 'none', 'The sender is not a number of this account'],
  21608: ['account', 'none', 'Trial account: the number is not verified'],
  21609: ['account', 'none', 'The StatusCallback address is not valid'],
  21610: ['opted_out', 'none', 'The recipient opted out'],
  21611: ['rate', 'retry', "The sender's queue is full"],
  21612: ['sender', 'none', 'This sender cannot reach that recipient'],
  21614: ['invalid_number', 'fix_number', 'Not a mobile number'],
  21617: ['content', 'none', 'The message is longer than 1600 characters'],
  21619: ['content', 'none', 'The message has no content'],
  21620: ['media', 'none', 'The media address is not valid'],
  21623: ['media', 'none', 'Too many media'],
  21635: ['invalid_number', 'fix_number', 'The number is a landline'],
  21654: ['template', 'none', 'Template variables without a template'],
  21655: ['template', 'none', 'The template id is not valid'],
  21656: ['template', 'send_template', 'The template variables are not valid'],
  21703: ['sender', 'none', 'No suitable sender in the messaging service'],
  30001: ['rate', 'retry', 'Queue overflow'],
  30002: ['account', 'none', 'Account suspended'],
  30003: ['carrier', 'retry', 'The phone is off or out of reach'],
  30004: ['blocked', 'none', 'The recipient or the carrier blocks messages'],
  30005: ['invalid_number', 'fix_number', 'The number does not exist any more'],
  30006: ['invalid_number', 'fix_number', 'Landline or unreachable carrier'],
  30007: ['content', 'none', 'Filtered by the carrier'],
  30008: ['carrier', 'retry', 'Unknown carrier error'],
  30009: ['carrier', 'none', 'A part of an inbound message is missing'],
  30010: ['account', 'none', 'The price is above the highest one allowed'],
  30022: ['rate', 'retry', 'Carrier rate limit'],
  30023: ['rate', 'retry', 'Carrier daily limit'],
  30034: ['sender', 'none', 'The number is not registered for A2P 10DLC'],
  30036: ['expired', 'retry', 'The validity period ended before it could be sent'],
  30410: ['carrier', 'retry', 'Provider timeout'],
  30450: ['carrier', 'retry', 'Blocked as possible message pumping'],
  35115: ['account', 'none', 'The time to send is out of range'],
  35118: ['account', 'none', 'Scheduling needs a messaging service'],
  63001: ['sender', 'none', 'The channel could not authenticate'],
  63003: ['not_on_whatsapp', 'try_sms', 'The recipient is not on this channel'],
  63005: ['content', 'none', 'The channel refused the content'],
  63007: ['sender', 'none', 'The sender is not active in this account'],
  63010: ['carrier', 'retry', 'Internal error of the channel'],
  63012: ['carrier', 'retry', 'The channel is not available'],
  63013: ['content', 'none', 'Against the channel policy'],
  63014: ['blocked', 'none', 'The recipient blocked the sender'],
  63015: ['sandbox', 'none', 'The recipient has not joined the sandbox'],
  63016: ['window', 'send_template', 'Outside the 24 hour window'],
  63017: ['rate', 'retry', 'Account rate limit of the channel'],
  63018: ['rate', 'retry', 'Rate limit of the channel'],
  63019: ['media', 'retry', 'The media could not be downloaded'],
  63020: ['account', 'none', 'The business account is not linked'],
  63021: ['template', 'send_template', 'The template content is not valid'],
  63024: ['not_on_whatsapp', 'try_sms', 'The recipient cannot receive on this channel'],
  63027: ['template', 'send_template', 'The template does not exist in this language'],
  63028: ['template', 'send_template', 'Wrong number of template variables'],
  63032: ['blocked', 'none', 'The channel limits messages to this recipient'],
  63034: ['media', 'none', 'The media is too large'],
  63038: ['rate', 'retry', 'Daily message limit of the account'],
  63040: ['template', 'send_template', 'The template was rejected'],
  63041: ['template', 'send_template', 'The template is paused'],
  63042: ['template', 'send_template', 'The template is disabled'],
  63049: ['blocked', 'none', 'The channel limited marketing to this recipient'],
  63051: ['account', 'none', 'The business account is locked'],
  63062: ['account', 'none', 'The terms for marketing messages were not accepted'],
  // Meta's own, should they come through.
  130472: ['blocked', 'none', 'The recipient is in an experiment without marketing messages'],
  131026: ['not_on_whatsapp', 'try_sms', 'The recipient cannot receive on this channel'],
  131047: ['window', 'send_template', 'Outside the 24 hour window'],
  131049: ['blocked', 'none', 'The channel limited marketing to this recipient'],
  131050: ['blocked', 'none', 'The recipient stopped marketing messages'],
}

/** @param words Twilio's own message; where it gave none, ours about the code. */
export function failureOf(code: number | null, words: string | null): Failure {
  const known = code === null ? undefined : catalogue[code]
  const [reason, action, text] = known ?? (['unknown', 'retry', 'The message was not delivered'] as const)
  return { code, reason, action, message: words?.trim() || text }
}

/** Codes that say our credentials or our sender are at fault, not this message. */
export function isChannelFault(code: number | null): boolean {
  return code === 20003 || code === 63001 || code === 63007 || code === 30002
}
