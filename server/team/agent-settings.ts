// What an agent chose: how to hear of messages, and whether to count as present.
import type { Agent, AgentSettings, Presence } from '../../shared/model.ts'
import type { SettingsUpdate } from '../../shared/requests.ts'
import type { Caller, Parts } from '../parts.ts'
import { defaultSettings } from '../store/agent-defaults.ts'

export async function readSettings(parts: Pick<Parts, 'store'>, caller: Caller): Promise<AgentSettings> {
  return (await parts.store.agent(caller.orgId, caller.agentId))?.settings ?? defaultSettings
}

/** Each setting that is given; every browser of the agent is told. */
export async function updateSettings(parts: Parts, caller: Caller, settings: SettingsUpdate): Promise<AgentSettings> {
  const agent = await parts.store.updateAgent(caller.orgId, nameOf(caller), { settings }, parts.clock.now())
  parts.publish.settings(caller.orgId, caller.agentId, agent.settings)
  return agent.settings
}

/** Until the agent chooses otherwise; colleagues are told. */
export async function setPresence(parts: Parts, caller: Caller, presence: Presence): Promise<Agent> {
  const agent = await parts.store.updateAgent(caller.orgId, nameOf(caller), { presence }, parts.clock.now())
  parts.publish.agent(caller.orgId, agent.id)
  return { id: agent.id, name: agent.name, presence: agent.presence }
}

const nameOf = (caller: Caller) => ({ id: caller.agentId, name: caller.name })
