// Failures that are our own finding, not Twilio's answer.
import type { Failure } from '../../shared/model.ts'

/** Nobody can tell whether it went out, and the time to find out is over. */
export const unsettled: Failure = {
  code: null,
  reason: 'unsettled',
  message: 'Twilio’s answer never came, and its list does not show the message.',
  action: 'retry',
}
export const expired: Failure = { code: null, reason: 'expired', message: 'Its time was over before it could be sent.', action: 'none' }
export const windowClosed: Failure = {
  code: null,
  reason: 'window',
  message: 'More than 24 hours since the client’s last message.',
  action: 'send_template',
}
export const limited: Failure = {
  code: null,
  reason: 'rate',
  message: 'The contact got as many messages of agents within an hour as are allowed.',
  action: 'retry',
}
export const noPublicUrl: Failure = {
  code: null,
  reason: 'media',
  message: 'Nobody outside reaches PUBLIC_URL, from where Twilio fetches files.',
  action: 'retry',
}
export const optedOut: Failure = { code: null, reason: 'opted_out', message: 'The contact asked for no more messages.', action: 'none' }
export function noSender(why: string): Failure {
  return { code: null, reason: 'sender', message: why, action: 'none' }
}
export function templateRefused(why: string): Failure {
  return { code: null, reason: 'template', message: why, action: 'send_template' }
}
export const automatedLimited: Failure = {
  code: null,
  reason: 'rate',
  message: 'The contact got as many automated messages within an hour as are allowed.',
  action: 'none',
}
