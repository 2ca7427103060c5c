// What clients of a run send beside words, and what agents send them: which, how often, and whose never arrives.
import { hash, randomBytes } from 'node:crypto'
import { bytesOf, type Shot } from '../../server/simulator/camera-roll.ts'
import type { Simulator } from '../../server/simulator/simulator.ts'

type Dice = (limit: number) => number

const shots: readonly Shot[] = ['photo', 'cake', 'sticker', 'voice', 'video', 'document']

/** Of one message: nothing mostly; on WhatsApp one thing, in an MMS up to three. */
export function mediaOfWrite(dice: Dice, channel: 'whatsapp' | 'sms'): Shot[] {
  if (dice(6) !== 0) return []
  const count = channel === 'sms' ? 1 + dice(3) : 1
  return Array.from({ length: count }, () => shots[dice(shots.length)] as Shot)
}

/** What this client sends is never to be had. */
export const neverArrives = (phone: number): boolean => phone % 9 === 4

/** Some of it comes slowly, so that a server ends in the middle of it; some is to be asked for again. */
export function troubleMedia(simulator: Simulator, addresses: readonly string[]): void {
  simulator.faults.set({ slowMedia: 0.4, failingMedia: 0.1 })
  for (const [phone, address] of addresses.entries()) if (neverArrives(phone)) simulator.phone(address).set({ failingMedia: 1 })
}

export interface AgentFile {
  bytes: Uint8Array
  name: string
  contentType: string
  /** SHA-256, hex. */
  hash: string
  /** WhatsApp shows words beside it. */
  captioned: boolean
}

/** No two are alike, so that it is known which one arrived. */
export function drawFile(dice: Dice): AgentFile {
  const isPicture = dice(3) > 0
  const bytes = Buffer.concat([bytesOf(isPicture ? 'photo' : 'document'), randomBytes(16)])
  const kind = isPicture ? { name: 'foto.jpg', contentType: 'image/jpeg' } : { name: 'presupuesto.pdf', contentType: 'application/pdf' }
  return { bytes, ...kind, hash: hash('sha256', bytes), captioned: isPicture }
}
