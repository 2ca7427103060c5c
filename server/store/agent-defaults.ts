// How an agent hears of messages who never chose, and what a choice changes: for both adapters.
import type { AgentSettings } from '../../shared/model.ts'
import type { SettingsUpdate } from '../../shared/requests.ts'

export const defaultSettings: AgentSettings = { sound: true, notifications: true, quiet: null, undoSend: true }

/** What is given replaces, each by itself. */
export function chosenSettings(before: AgentSettings, { sound, notifications, quiet, undoSend }: SettingsUpdate): AgentSettings {
  return {
    sound: sound ?? before.sound,
    notifications: notifications ?? before.notifications,
    quiet: quiet === undefined ? before.quiet : quiet,
    undoSend: undoSend ?? before.undoSend,
  }
}
