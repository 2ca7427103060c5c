// How an agent hears of messages who never chose, and what a choice changes: for both adapters.
import type { AgentSettings } from '../../shared/model.ts'
import type { SettingsUpdate } from '../../shared/requests.ts'

export const defaultSettings: AgentSettings = {
  sound: true,
  notifications: true,
  quiet: null,
  notifyOf: 'all',
  undoSend: true,
  checkText: true,
  assignOnAnswer: true,
}

/** Each given setting replaces the one before. */
export function chosenSettings(before: AgentSettings, after: SettingsUpdate): AgentSettings {
  const { sound, notifications, quiet, notifyOf, undoSend, checkText, assignOnAnswer } = after
  return {
    sound: sound ?? before.sound,
    notifications: notifications ?? before.notifications,
    quiet: quiet === undefined ? before.quiet : quiet,
    notifyOf: notifyOf ?? before.notifyOf,
    undoSend: undoSend ?? before.undoSend,
    checkText: checkText ?? before.checkText,
    assignOnAnswer: assignOnAnswer ?? before.assignOnAnswer,
  }
}
