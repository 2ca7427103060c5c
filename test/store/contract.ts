// The store's contract: the same cases for every adapter, and nothing that knows which one it has.
import { afterAll, beforeAll, describe, test } from 'vitest'
import type { Store } from '../../server/store/store.ts'
import type { StorePlaces } from '../support/places.ts'
import type { Case } from './case.ts'
import { agentCases } from './contract/agents.ts'
import { answeringCases } from './contract/answering.ts'
import { campaignCases, dueCampaignCases } from './contract/campaigns.ts'
import { contactCases } from './contract/contacts.ts'
import { conversationCases } from './contract/conversations.ts'
import { coordinationCases } from './contract/coordinations.ts'
import { durabilityCases } from './contract/durability.ts'
import { erasingCases } from './contract/erasing.ts'
import { failureCases } from './contract/failures.ts'
import { feedCases } from './contract/feed.ts'
import { identityCases } from './contract/identity.ts'
import { importingCases } from './contract/importing.ts'
import { inboundCases } from './contract/inbound.ts'
import { leaseCases } from './contract/leases.ts'
import { lineCases } from './contract/lines.ts'
import { logCases } from './contract/log.ts'
import { mediaCases } from './contract/media.ts'
import { mergingCases } from './contract/merging.ts'
import { movingCases } from './contract/moving.ts'
import { numberCases } from './contract/numbers.ts'
import { optOutCases } from './contract/opt-outs.ts'
import { outboxCases } from './contract/outbox.ts'
import { planBCases } from './contract/plan-b.ts'
import { planCases } from './contract/plans.ts'
import { recoveryCases } from './contract/recovery.ts'
import { routingCases } from './contract/routing.ts'
import { scheduledCases } from './contract/scheduled.ts'
import { scopeCases } from './contract/scope.ts'
import { searchingCases } from './contract/searching.ts'
import { deliveryCases } from './contract/deliveries.ts'
import { settingCases } from './contract/settings.ts'
import { settlingCases } from './contract/settling.ts'
import { statusCases } from './contract/statuses.ts'
import { syncCases } from './contract/sync.ts'
import { templateCases } from './contract/templates.ts'
import { unreadCases } from './contract/unread.ts'
import { createWorld } from './world.ts'

export const contract: readonly Case[] = [
  ...inboundCases,
  ...mediaCases,
  ...identityCases,
  ...routingCases,
  ...outboxCases,
  ...lineCases,
  ...numberCases,
  ...answeringCases,
  ...settlingCases,
  ...settingCases,
  ...deliveryCases,
  ...campaignCases,
  ...dueCampaignCases,
  ...leaseCases,
  ...scheduledCases,
  ...planBCases,
  ...planCases,
  ...optOutCases,
  ...statusCases,
  ...failureCases,
  ...recoveryCases,
  ...conversationCases,
  ...logCases,
  ...searchingCases,
  ...unreadCases,
  ...movingCases,
  ...syncCases,
  ...feedCases,
  ...contactCases,
  ...importingCases,
  ...erasingCases,
  ...mergingCases,
  ...coordinationCases,
  ...agentCases,
  ...templateCases,
  ...scopeCases,
  ...durabilityCases,
]

/** Runs one case in an organization of its own; `shared` is open already and may hold others' organizations. */
export async function runCase(one: Case, places: StorePlaces, shared: Store): Promise<void> {
  if (!one.alone) {
    const world = createWorld(shared, places)
    await one.run(world)
    await world.audit()
    return
  }
  const address = await places.create()
  try {
    const store = await places.open(address)
    try {
      const world = createWorld(store, places)
      await one.run(world)
      await world.audit()
    } finally {
      await store.close()
    }
  } finally {
    await places.remove(address)
  }
}

/** `concurrent`: several cases at once, where each waits for a server most of its time. */
export function storeContract(
  name: string,
  places: StorePlaces,
  options: { timeoutMs?: number; only?: RegExp; concurrent?: boolean } = {},
): void {
  const { timeoutMs: timeout = 30_000, concurrent = false } = options
  describe(`the store's contract on ${name}`, { timeout, concurrent }, () => {
    let address: string
    let shared: Store
    beforeAll(async () => {
      address = await places.create()
      shared = await places.open(address)
    }, 60_000)
    afterAll(async () => {
      await shared?.close()
      await shared?.close()
      if (address) await places.remove(address)
    })
    for (const one of contract.filter(({ name }) => options.only?.test(name) ?? true)) test(one.name, () => runCase(one, places, shared))
  })
}
