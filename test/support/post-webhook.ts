// A webhook as Twilio posts it, by hand: for what the simulator does not do by itself.
import { signRequest } from '../../server/simulator/signature.ts'
import { accountSid, authToken, ownNumbers, type TestHilo } from './hilo.ts'

/** Signed with all its fields; the answer's status. By default an inbound message on WhatsApp. */
export async function postWebhook(
  hilo: Pick<TestHilo, 'url' | 'hide'>,
  fields: Record<string, string>,
  path = '/webhooks/twilio/message',
): Promise<number> {
  const inbound = { To: `whatsapp:${ownNumbers.whatsapp}`, NumMedia: '0', SmsStatus: 'received' }
  const whole = { AccountSid: accountSid, ...(path.endsWith('/message') ? inbound : {}), ...fields }
  hilo.hide(fields)
  const response = await fetch(hilo.url + path, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      'x-twilio-signature': signRequest(authToken, `https://inbox.example.com${path}`, whole),
    },
    body: new URLSearchParams(whole).toString(),
  })
  return response.status
}
