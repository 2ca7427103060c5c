// The clients' phones: who has which number, what is on the screen, when each last wrote to which of our numbers.
import type { Channel } from '../../shared/model.ts'
import { normalisedAddress } from '../../shared/phone.ts'
import { type DemoPerson, demoPeople } from './people.ts'
import type { SimulatedMessage } from './simulated-message.ts'

export interface Phone {
  /** One per person, whichever form of the number is used. */
  key: string
  name: string
  /** The address that it writes from. */
  addresses: Record<Channel, string>
  channels: readonly Channel[]
  profileName: string
  username: string | null
  note: DemoPerson['note']
  hue: number
  /** Listed on the page. */
  listed: boolean
  /** ms of the last message it wrote, by `channel|our sender`. */
  lastInboundAt: Map<string, number>
  /** Our SMS numbers that it wrote STOP to. */
  optedOut: Set<string>
  /** ms until when WhatsApp says "typing…" under our name; null: it does not. */
  typingUntil: number | null
  /** Sent while the phone was off. */
  waiting: SimulatedMessage[]
  /** The messages on its screen, oldest first. */
  chat: SimulatedMessage[]
}

export interface Phones {
  /** The phone of this address; a new one where nobody has it. */
  of(address: string): Phone
  find(address: string): Phone | null
  /** Makes it known on the page. */
  introduce(address: string, name: string, channels: readonly Channel[]): Phone
  listed(): Phone[]
  all(): Iterable<Phone>
  /** True: the phone was unknown to the page and is listed from now on. */
  show(phone: Phone, message: SimulatedMessage): boolean
  clear(): void
}

/** More than anybody scrolls through; older ones stay with Twilio. */
const chatLength = 300
/** Numbers that turn up by themselves are listed up to here; a bench has thousands of them. */
const listLength = 40

export function createPhones(people: readonly DemoPerson[] = demoPeople): Phones {
  const phones = new Map<string, Phone>()
  let listed = 0
  const make = (address: string, rest: Partial<Phone> = {}): Phone => {
    const phone: Phone = {
      key: normalisedAddress(address),
      name: '',
      addresses: { whatsapp: address, sms: address },
      channels: ['whatsapp', 'sms'],
      profileName: '',
      username: null,
      note: null,
      hue: hueOf(address),
      listed: false,
      lastInboundAt: new Map(),
      optedOut: new Set(),
      typingUntil: null,
      waiting: [],
      chat: [],
      ...rest,
    }
    phones.set(phone.key, phone)
    if (phone.listed) listed++
    return phone
  }
  const fill = () => {
    for (const { phone, whatsappAddress, name, channels, profileName, username, note, hue } of people)
      make(phone ?? whatsappAddress, {
        name,
        channels,
        profileName,
        username,
        note,
        hue,
        listed: true,
        addresses: { whatsapp: whatsappAddress, sms: phone ?? whatsappAddress },
      })
  }
  fill()
  const find = (address: string) => phones.get(normalisedAddress(address)) ?? null
  return {
    find,
    of: (address) => find(address) ?? make(address),
    introduce(address, name, channels) {
      const phone = find(address) ?? make(address)
      if (!phone.listed) listed++
      phone.listed = true
      if (name !== '') {
        phone.name = name
        phone.profileName = name
      }
      phone.channels = channels
      return phone
    },
    listed: () => [...phones.values()].filter((phone) => phone.listed),
    all: () => phones.values(),
    show(phone, message) {
      phone.chat.push(message)
      if (phone.chat.length > chatLength) phone.chat.splice(0, phone.chat.length - chatLength)
      if (phone.listed || listed >= listLength) return false
      phone.listed = true
      listed++
      return true
    },
    clear() {
      phones.clear()
      listed = 0
      fill()
    },
  }
}

function hueOf(address: string): number {
  let sum = 7
  for (const character of address) sum = (sum * 31 + character.charCodeAt(0)) % 360
  return sum
}
