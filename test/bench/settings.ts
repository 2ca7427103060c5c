// Settings that the server under test and the load share.
import jsonwebtoken from 'jsonwebtoken'

export const accountSid = 'AC00000000000000000000000000000001'
export const authToken = '0123456789abcdef0123456789abcdef'
export const publicUrl = 'https://inbox.example.com'
export const whatsappNumber = '+14155238886'
const jwtSecret = 'a-secret-for-benches-of-more-than-32-bytes'

export function agentToken(id: string, claims: Record<string, unknown> = {}): string {
  const now = Math.floor(Date.now() / 1000)
  return jsonwebtoken.sign(
    { sub: id, name: `Agente ${id}`, org: 'default', role: 'agent', iat: now, exp: now + 3600, ...claims },
    jwtSecret,
  )
}

/** As an operator would set it, but for limits that guard against exactly such a load. */
export function serverSettings(databaseUrl: string, twilioUrl: string): Record<string, string> {
  return {
    PORT: '0',
    HOST: '127.0.0.1',
    PUBLIC_URL: publicUrl,
    DATABASE_URL: databaseUrl,
    JWT_SECRET: jwtSecret,
    ALLOWED_ORIGINS: 'https://host.example.com',
    TWILIO_ACCOUNT_SID: accountSid,
    TWILIO_AUTH_TOKEN: authToken,
    TWILIO_WHATSAPP_NUMBER: whatsappNumber,
    TWILIO_WHATSAPP_RATE: '1000',
    TWILIO_API_URL: twilioUrl,
    RATE_LIMIT: '0',
    SEND_LIMIT_PER_CONTACT_HOUR: '1000000',
  }
}
