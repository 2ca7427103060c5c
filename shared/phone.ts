// Identity of phone numbers across the forms that WhatsApp and carriers write them in.
import type { Channel } from './model.ts'

/**
 * The keys under which a contact with this address may be stored, best first; the first is the normalised one.
 * Brazil: with and without the ninth digit. Mexico: with and without the 1 after 52. Argentina: the form with the
 * mobile 9 also looks for the one without, not the other way. Anything else: itself.
 *
 * @param address E.164 with `+`, or a business-scoped user id such as `AR.1A2B`.
 */
export function identityKeys(address: string): [string, ...string[]] {
  const brazil = /^\+55([1-9]\d)(9?)([6-9]\d{7})$/.exec(address)
  if (brazil) return [`+55${brazil[1]}9${brazil[3]}`, `+55${brazil[1]}${brazil[3]}`]
  // No area code begins with 1: where the tenth digit is missing, the 1 belongs to the number.
  const mexico = /^\+52(1?)([2-9]\d{9})$/.exec(address)
  if (mexico) return [`+52${mexico[2]}`, `+521${mexico[2]}`]
  const argentina = /^\+549(\d{10})$/.exec(address)
  if (argentina) return [address, `+54${argentina[1]}`]
  return [address]
}

/** The key of a line: one per number, whichever of its forms was used. */
export function normalisedAddress(address: string): string {
  return identityKeys(address)[0]
}

/** Companies may send SMS under a name (`MiBanco`): nobody can answer those. Numbers and short codes can be answered. */
export function takesAnswers(channel: Channel, address: string): boolean {
  return channel === 'whatsapp' || /^\+?\d+$/.test(address)
}
