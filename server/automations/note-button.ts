// A client's button is an event of the record that it was about: in its thread, for the automations and the webhooks that wait for it.
import type { Message } from '../../shared/model.ts'
import { DomainError } from '../../shared/problems.ts'
import { isRepeatedPress } from '../coordinations/is-repeated-press.ts'
import type { Parts } from '../parts.ts'
import { recordEvent } from './record-event.ts'

/** As events are named; what else a payload may hold is for the host alone (`action`). */
const NAME = /^[A-Za-z0-9][\w.-]{0,63}$/
/** Of the record itself: Hilo says when they happen. */
const OWN = /^(coordination|message)\./

/** Kept before it resolves; called again for the same message it is the same event, and pressed again it is none. */
export async function noteButton(parts: Parts, orgId: string, message: Message): Promise<void> {
  const { id, button, coordinationId, author } = message
  if (button === undefined || coordinationId === null || !NAME.test(button.payload) || OWN.test(button.payload)) return
  if (await isRepeatedPress(parts.store, orgId, message)) return
  try {
    await recordEvent(parts, { orgId, coordinationId, type: button.payload, data: { text: button.text }, key: `button|${id}` }, author)
  } catch (error) {
    // A record that the host named and never saved has no events.
    if (!(error instanceof DomainError) || error.code !== 'not_found') throw error
  }
}
