// Reads an agent's page, to be compared with what the server has.
import type { Locator } from 'playwright-core'
import type { Message } from '../../shared/model.ts'

/** One message as a transcript shows it. */
export interface Shown {
  seq: number
  text: string
  /** Of ours; null: the client's. */
  status: string | null
}

/** The transcript's lines, in their order; one that the server does not have yet has no place number. */
export function shownMessages(log: Locator): Promise<Shown[]> {
  return log.evaluate((box) =>
    [...box.querySelectorAll<HTMLElement>('.m[data-key]')].map((one) => ({
      seq: Number(one.dataset.seq ?? Number.NaN),
      text: one.querySelector('.bubble > p')?.textContent ?? '',
      status: /\btick (\w+)/.exec(one.querySelector('.meta .tick')?.className ?? '')?.[1] ?? null,
    })),
  )
}

/** The same of what the server holds. */
export function shownOf(messages: readonly Message[]): Shown[] {
  return messages.map(({ seq, text, status, direction }) => ({
    seq: seq ?? Number.NaN,
    text,
    status: direction === 'inbound' ? null : status,
  }))
}

/** The unread number on a badge or the launcher, which at rest may count clients who wait instead; 0: none. */
export function unreadOn(sign: Locator): Promise<number> {
  return sign.evaluate(({ dataset }) => (dataset.state === undefined || dataset.state === 'unread' ? Number(dataset.n ?? 0) : 0))
}
