// The invented clients of the demo. The demo host's records are about the same people, so that a phone here answers a record there.
import type { Channel } from '../../shared/model.ts'

export interface DemoPerson {
  name: string
  /** As a host's record has it; null: only known by a WhatsApp user id. */
  phone: string | null
  /** The address that WhatsApp writes from, where that is another form of the number (Brazil's ninth digit) or no number at all. */
  whatsappAddress: string
  profileName: string
  username: string | null
  channels: readonly Channel[]
  /** A hint before picking this client; words are the page's. */
  note: 'two_records' | 'not_on_whatsapp' | 'sms_only' | 'no_number' | null
  /** Hue of the avatar. */
  hue: number
}

const person = (name: string, phone: string, hue: number, rest: Partial<DemoPerson> = {}): DemoPerson => ({
  name,
  phone,
  whatsappAddress: phone,
  profileName: name,
  username: null,
  channels: ['whatsapp', 'sms'],
  note: null,
  hue,
  ...rest,
})

export const demoPeople: readonly DemoPerson[] = [
  person('Sofía Herrera', '+5491154823391', 20, { note: 'two_records' }),
  person('Martín Quiroga', '+5491161204478', 150),
  person('Lucía Ferrari', '+5492215031190', 300, { profileName: 'Lu 🌻' }),
  person('Jorge Pedraza', '+5493514027716', 230, { channels: ['sms'], note: 'not_on_whatsapp' }),
  person('Natalia Ruiz', '+5491144702205', 350, { channels: ['sms'], note: 'sms_only' }),
  person('Paula Sosa', '+5493415550148', 80, { channels: ['whatsapp'], note: 'two_records' }),
  person('João Mendes', '+5541988887777', 110, { whatsappAddress: '+554188887777' }),
  {
    ...person('muhsin', '', 190, { channels: ['whatsapp'], note: 'no_number' }),
    phone: null,
    whatsappAddress: 'IN.2081978709342942',
    profileName: 'Muhsin',
    username: 'muhsin',
  },
]

export const demoBusiness = 'Ágora Eventos'

/** Our own numbers in demo mode. */
export const demoSenders = { whatsapp: '+541152634400', sms: '+541152634401' } as const
