// An agent's settings: how to hear of messages, and whether to count as present.
import type { Agent, OwnSettings, Presence } from '../../shared/model.ts'
import type { OwnSettingsUpdate } from '../../shared/requests.ts'
import type { Caller, Parts } from '../parts.ts'
import { defaultSettings } from '../store/agent-defaults.ts'
import type { AgentRecord } from '../store/records.ts'

const shown = ({ settings, presence }: Pick<AgentRecord, 'settings' | 'presence'>): OwnSettings => ({ ...settings, presence })

export async function readSettings(parts: Pick<Parts, 'store'>, caller: Caller): Promise<OwnSettings> {
  return shown((await parts.store.agent(caller.orgId, caller.agentId)) ?? { settings: defaultSettings, presence: 'online' })
}

/** Each setting that is given. Every browser of the agent is told; of another presence, colleagues too. */
export async function updateSettings(parts: Parts, caller: Caller, { presence, ...settings }: OwnSettingsUpdate): Promise<OwnSettings> {
  const who = { id: caller.agentId, name: caller.name }
  const patch = presence === undefined ? { settings } : { settings, presence }
  const agent = await parts.store.updateAgent(caller.orgId, who, patch, parts.clock.now())
  parts.publish.settings(caller.orgId, caller.agentId, shown(agent))
  if (presence !== undefined) parts.publish.agent(caller.orgId, agent.id)
  return shown(agent)
}

/** Until the agent chooses otherwise. */
export async function setPresence(parts: Parts, caller: Caller, presence: Presence): Promise<Agent> {
  await updateSettings(parts, caller, { presence })
  return { id: caller.agentId, name: caller.name, presence }
}
