import { createCertificate } from '../support/certificate.ts'

/** Of servers on this machine that stand for Twilio's and others. */
const made = createCertificate([
  'api.twilio.com',
  'api.dublin.ie1.twilio.com',
  'mms.twiliocdn.com',
  'media.example.com',
  'www.twilio.com',
  'api.twilio.com.example.com',
])
made.remove()
export const testCertificate = { cert: made.cert, key: made.key }
