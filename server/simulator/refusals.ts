// Twilio's error codes that the simulator answers or calls back with: HTTP status and words.

export interface Refusal {
  status: number
  code: number
  message: string
}

const known: Record<number, [status: number, message: string]> = {
  20003: [401, 'Authenticate'],
  20404: [404, 'The requested resource was not found'],
  20429: [429, 'Too Many Requests'],
  20500: [500, 'An internal server error has occurred'],
  20001: [400, 'Parameter missing or invalid'],
  21211: [400, "Invalid 'To' Phone Number"],
  21212: [400, "Invalid 'From' Phone Number"],
  21408: [400, "Permission to send an SMS has not been enabled for the region indicated by the 'To' number"],
  21602: [400, 'Message body is required.'],
  21603: [400, "A 'From' phone number is required."],
  21604: [400, "A 'To' phone number is required."],
  21606: [400, "The 'From' phone number provided is not a valid message-capable Twilio phone number for this destination/account"],
  21609: [400, "The 'StatusCallback' URL is not a valid URL."],
  21610: [400, 'Attempt to send to unsubscribed recipient'],
  21612: [400, "Message cannot be sent with the current combination of 'To' and/or 'From' parameters"],
  21614: [400, "'To' number is not a valid mobile number"],
  21617: [400, 'The concatenated message body exceeds the 1600 character limit'],
  21619: [400, 'A text message body or media urls must be specified.'],
  21620: [400, 'Invalid media URL(s)'],
  21623: [400, 'Number of media files exceeds allowed limit'],
  21624: [400, 'Invalid validity period value'],
  21654: [400, 'ContentSid Required'],
  21655: [400, 'The ContentSid is Invalid'],
  21656: [400, 'The ContentVariables Parameter is invalid'],
  21701: [404, 'The Messaging Service does not exist'],
  21703: [400, 'The Messaging Service does not contain a sender for this destination'],
  21910: [400, "Invalid 'From' and 'To' pair. 'From' and 'To' should be of the same channel"],
  30003: [400, 'Unreachable destination handset'],
  30005: [400, 'Unknown destination handset'],
  30006: [400, 'Landline or unreachable carrier'],
  30007: [400, 'Message filtered'],
  30008: [400, 'Unknown error'],
  30029: [400, 'Invalid ContentRetention'],
  30030: [400, 'Invalid AddressRetention'],
  30036: [400, 'Validity Period Expired'],
  30400: [400, 'Parameters are not valid'],
  30409: [400, 'Message cannot be canceled in its current state'],
  35111: [400, 'SendAt timestamp is missing'],
  35115: [400, 'SendAt time must be between 300 seconds and 35 days (3024000 seconds) in the future, inclusive'],
  35118: [400, 'MessagingServiceSid is required to schedule a message'],
  35126: [400, 'The ScheduleType value provided is not supported for this channel'],
  63003: [400, 'Channel could not find To address'],
  63007: [400, 'Twilio could not find a Channel with the specified From address'],
  63016: [400, 'Failed to send freeform message because you are outside the allowed window. Please use a Template.'],
  63018: [429, 'Rate limit exceeded for Channel'],
  63024: [400, 'Invalid message recipient'],
  63038: [429, 'Account exceeded the daily messages limit'],
}

export function errorText(code: number): string {
  return known[code]?.[1] ?? `Error ${code}`
}

/** The refusal with this code; `detail` goes behind Twilio's words as Twilio does it. */
export function refusal(code: number, detail?: string): Refusal {
  const [status, message] = known[code] ?? [400, `Error ${code}`]
  return { status, code, message: detail === undefined ? message : `${message}: ${detail}` }
}

/** Numbers that always fail the same way, the ones that Twilio's test credentials have. */
export const magicNumbers: Readonly<Record<string, number>> = {
  '+15005550001': 21211,
  '+15005550002': 21612,
  '+15005550003': 21408,
  '+15005550004': 21610,
  '+15005550009': 21614,
}

export function presentRefusal(refused: Refusal): Record<string, unknown> {
  return {
    code: refused.code,
    message: refused.message,
    more_info: `https://www.twilio.com/docs/errors/${refused.code}`,
    status: refused.status,
  }
}
