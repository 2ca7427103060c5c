// The words of one language, plain data: `{n}` and the like are filled by `fill` and `plural` of format.ts.
import type { ShownKind } from '../../shared/model.ts'

/** By Intl.PluralRules; es, en and pt need these two. */
export interface Plural {
  one: string
  other: string
}

export interface Words {
  /** Inbox. */
  messages: string
  search: string
  all: string
  mine: string
  unassigned: string
  more: string
  unfiled: string
  awaiting: string
  failedFilter: string
  automated: string
  snoozed: string
  closedFilter: string
  tray: Plural
  waits: string
  you: string
  draft: string
  replying: string
  repliers: string
  none: string
  loadError: string
  retry: string
  unreadMessages: Plural
  waiting: Plural
  back: string
  close: string
  moreActions: string
  settings: string

  /** Connection. */
  connecting: string
  reconnecting: string
  /** The host's page gives no session. */
  noToken: string
  offline: string
  slow: string
  /** The browser does not know the organization's time zone. */
  foreignTimezone: string
  expired: string

  /** Composer. */
  write: string
  writeSms: string
  writeOffline: string
  writeNote: string
  noteHint: string
  note: string
  send: string
  recordVoice: string
  template: string
  templates: string
  schedule: string
  unsent: Plural
  windowClosed: string
  windowClosedShort: string
  optedOut: string
  optedOutMark: string
  noSender: string
  gone: string
  tooLong: string
  limitReached: string
  sendRefused: string

  /** Thread. */
  queued: string
  sending: string
  unconfirmed: string
  sent: string
  delivered: string
  read: string
  received: string
  scheduled: string
  canceled: string
  cancel: string
  failed: string
  delayOrder: string
  delayRate: string
  delayProvider: string
  delayQuietHours: string
  newMessages: Plural
  newShort: Plural
  newest: string
  older: string
  transcript: string
  seeAll: string
  recovered: Plural
  unsupported: string
  automation: string
  campaign: string
  system: string
  attach: string
  attachment: string
  attachments: Record<ShownKind, string>

  /** Conversation. */
  assign: string
  assignedTo: string
  noRecord: string
  name: string
  invalidNumber: string
  /** Values that the server would not take, by kind. */
  invalid: Record<'text' | 'template' | 'time' | 'name' | 'tags' | 'record' | 'quote' | 'other', string>
  sms: string
  whatsapp: string

  /** Times. */
  today: string
  yesterday: string
  yesterdayLower: string
  minutes: string
  hours: string
  hoursMinutes: string
  days: Plural
  windowLeft: string

  /** Panel. */
  newMessage: string
  clearSearch: string
  conversations: string
  filters: string
  nothingHere: string
  seeAllConversations: string
  channel: string
  cannotOpen: string
  noAccess: string
  writeBy: string
  save: string
  saveNote: string
  noteBy: string
  tomorrow: string
  location: string
  contactCard: string
  recoveredMark: string
  /** The word for a record, by itself; `nameRecords` puts it in the place of `{record}` and `{records}` of all texts. */
  record: string
  records: string
  recordActive: string
  recordDone: string
  recordCanceled: string
  plan: string

  /** Stand at the side of the window, over its whole height. */
  dock: string
  panelWidth: string
  cannotLoad: string
  /** A defect of ours while drawing. */
  cannotDraw: string
  undo: string
}
