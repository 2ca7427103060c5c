// The parts of one case: a real store with one conversation in it, a clock that the test moves, a gateway that the test
// answers for, and what was told to whom. No loop runs beside the one that is asked.
import { readConfig } from '../../server/config.ts'
import type { Gateway } from '../../server/outbox/gateway.ts'
import { createSenders } from '../../server/outbox/senders.ts'
import type { Parts } from '../../server/parts.ts'
import { settingsByDefault } from '../../server/rules/organization.ts'
import type { Claim, ConversationState, Draft } from '../../server/store/records.ts'
import { draft, inbound, noChecks, OUR_SMS, OUR_WHATSAPP } from '../support/builders.ts'
import { captureLog } from '../support/captured-log.ts'
import { createManualClock } from '../support/manual-clock.ts'
import { newId, type useSqliteFile } from '../support/sqlite-file.ts'

export async function ownParts(own: ReturnType<typeof useSqliteFile>, gateway: Partial<Gateway> = {}, startAt?: number) {
  const clock = createManualClock(startAt)
  const store = await own.open({ clock })
  const senders = createSenders(
    [
      { channel: 'whatsapp', sender: OUR_WHATSAPP, ratePerSecond: 80 },
      { channel: 'sms', sender: OUR_SMS, ratePerSecond: 1 },
    ],
    true,
  )
  const defaults = readConfig({})
  const organization = {
    id: 'default',
    settings: settingsByDefault(defaults),
    settingsRev: 0,
    defaults,
    senders,
    templates: [],
    gateway,
    listensTo: new Set<string>(),
  }
  const parts = {
    store,
    clock,
    organizations: [organization],
    organizationOf: () => organization,
    log: captureLog().log,
    publish: { changes() {}, channels() {}, coordination() {}, campaign() {} },
    dispatch: { wake() {}, release() {}, settle() {}, schedule() {} },
    others: { tell() {} },
    automations: { planned() {}, spoke() {}, changed() {}, termsChanged() {} },
    webhooks: { changed() {} },
    campaigns: { changed() {}, count: async () => [] },
    newId,
  } as unknown as Parts
  const received = await store.receive(inbound('default', newId(), { createdAt: clock.now() }), () => ({
    coordinationId: null,
    hintId: null,
  }))
  if (received.outcome !== 'created') throw new Error(received.outcome)
  const { conversation } = received
  const drafted = (over: Partial<Draft> = {}) => draft('default', newId(), conversation.id, { createdAt: clock.now(), ...over })
  return { parts, clock, store, conversation, drafted, enter, claim }

  async function enter(over: Partial<Draft> = {}) {
    const entered = await store.enter(drafted(over), noChecks)
    if (entered.outcome !== 'created') throw new Error(entered.outcome)
    return entered.message
  }
  async function claim({ lineId }: ConversationState = conversation): Promise<Claim> {
    const head = await store.claim('default', lineId, { now: clock.now(), leaseMs: 40_000, fence: 0 })
    if (head.state !== 'claimed') throw new Error(head.state)
    return head.claim
  }
}
