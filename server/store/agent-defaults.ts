// How an agent hears of messages who never chose: for both adapters.
import type { AgentSettings } from '../../shared/model.ts'

export const defaultSettings: AgentSettings = { sound: true, notifications: true, quiet: null }
