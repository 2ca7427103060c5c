// An opt-out of a list, said on the channel that it names, or on every one that we have a sender on.
import { type Channel, channel as channels, type OptOutScope } from '../../shared/model.ts'
import { DomainError } from '../../shared/problems.ts'
import { sayOptOutOf } from '../inbox/opt-out.ts'
import type { Caller, Parts } from '../parts.ts'

export interface ListedWish {
  /** Null: a list that does not say means all of them. */
  channel: Channel | null
  to: (channel: Channel) => string
  from?: string | undefined
  /** False: the client wants messages again. */
  out: boolean
  scope: OptOutScope
  /** Null: the list does not say; it is so now. */
  at: number | null
}

/**
 * Answers whether it was news.
 *
 * @throws DomainError `invalid_phone`; `no_sender` where there is none at all.
 */
export async function sayListedWish(parts: Parts, caller: Caller, { channel, to, from, out, scope, at }: ListedWish): Promise<boolean> {
  let changed = false
  let refusal: DomainError | null = null
  let said = 0
  for (const one of channel === null ? channels.options : [channel]) {
    try {
      const wanted = { channel: one, to: to(one), from, said: { out, scope, source: 'import' as const }, at: at ?? parts.clock.now() }
      if (await sayOptOutOf(parts, caller, wanted)) changed = true
      said++
    } catch (error) {
      if (!(error instanceof DomainError) || error.code !== 'no_sender') throw error
      refusal = error
    }
  }
  if (said === 0 && refusal !== null) throw refusal
  return changed
}
