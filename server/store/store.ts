// The store's port: what the domain asks of it. Two adapters (sqlite/, mongo/) keep the same promises, held to them
// by one contract suite. Nothing here is optional, and no caller may ask which adapter it has.
import type { Channel, Contact, Coordination, InboxCounts, LogThread, Message } from '../../shared/model.ts'
import type { Campaign, CampaignRule } from '../rules/campaign.ts'
import type { ContactDraft } from '../rules/import-contact.ts'
import type { MessageRule } from '../rules/message.ts'
import type { OptOutSaid } from '../rules/opt-out.ts'
import type { Recipient, RecipientDraft, RecipientGroup, RecipientSeen, RecipientState, Settled } from '../rules/recipient.ts'
import type { PlannedRecord, PlanRule, SavePlan } from '../rules/record-plan.ts'
import type {
  AgentPatch,
  AgentRead,
  AgentRecord,
  Answer,
  Changes,
  Claim,
  ContactErased,
  ContactImported,
  ContactPatch,
  ContactUnread,
  ContactPatched,
  ContactsMerged,
  ContactsUnmerged,
  ConversationFilter,
  ConversationPatch,
  ConversationState,
  CoordinationInput,
  CoordinationSaved,
  Delivery,
  DeliveryDraft,
  DeliveryRule,
  Draft,
  DueEntered,
  DueEntry,
  Entered,
  EnterChecks,
  Feed,
  Head,
  InboundMessage,
  IsNews,
  Keyed,
  ListedOptOut,
  LogFilter,
  LogTable,
  MessageChanged,
  MessageMedia,
  MessageRange,
  OpenLine,
  OpenRequest,
  OptOutSaved,
  OwnConversationState,
  Page,
  PageRequest,
  Processes,
  PushSubscription,
  Received,
  RecordUnread,
  RecoveryState,
  Route,
  RouteFacts,
  SentState,
  Setting,
  SettingChanged,
  SettingKind,
  SettingRule,
  StatusApplied,
  StatusReport,
  Synced,
  TemplateChanged,
  TemplateFilter,
  TemplateKey,
  TemplateRecord,
  TemplateRule,
  TextPage,
  UnreadNumbers,
  Viewer,
} from './records.ts'

/** A line, by its id or by its key (`normalisedAddress`). */
export type WindowPlace = { orgId: string } & ({ lineId: string } | { channel: Channel; sender: string; key: string })

/**
 * Guarantees of every write: durable before its promise resolves; atomic for the caller (all of it or nothing, also
 * when the process is killed in the middle); `rev` of each changed object and the change feed rise with it; the
 * answer's `changes` hold each changed object as it then was. A time that a call is handed is that of the store's clock. A repeat is a result, never an error. When the
 * database cannot be reached every call throws DomainError('unavailable').
 */
export interface Store {
  /** Resolves when reads and writes work; throws DomainError('unavailable') with the reason otherwise. */
  ping(): Promise<void>
  /** Ends what is under way, then closes. May be called twice. */
  close(): Promise<void>

  // -- inbox ---------------------------------------------------------------------------------------------------

  /**
   * Takes one inbound message in: finds or makes contact, line and conversation, appends, counts it unread, reopens a
   * closed or snoozed conversation, remembers the line's window. (orgId, twilioSid) is unique, also concurrently and
   * for ever. One contact per key and one conversation per (channel, sender, contact, record), also when first
   * messages arrive together. `route` is pure and may be called more than once. A message from the provider's list
   * whose webhook comes later is `enriched` by it, once: it keeps place, time and record, and is not counted again.
   */
  receive(inbound: InboundMessage, route: (facts: RouteFacts) => Route): Promise<Received>

  /**
   * Messages with an item that is still to be fetched, by when, the earliest first: what `receive` was handed, until a rule of
   * `changeMessage` says what became of it.
   */
  mediaToFetch(limit: number): Promise<MessageMedia[]>
  /** The message with all that it came with, of whatever organization: an item's address is the right to it. */
  messageMedia(messageId: string): Promise<MessageMedia | null>
  /** Of these hashes, those that some message names, of whatever organization: it came in, went out, is on its way or only planned. */
  namedFiles(hashes: readonly string[]): Promise<Set<string>>

  // -- leases --------------------------------------------------------------------------------------------------

  /**
   * The right of one process to do a thing, by a name: a sender's dispatching has that of the sender. The holder gets its own again
   * at once, with the same fence; null: another has it. The fence rises with each new holder. Ends by the store's clock.
   */
  takeLease(orgId: string, name: string, holder: string, ttlMs: number): Promise<{ fence: number } | null>
  releaseLease(orgId: string, name: string, holder: string): Promise<void>

  // -- outbox --------------------------------------------------------------------------------------------------

  /** The message that an earlier draft with this key became. */
  findByKey(orgId: string, key: string): Promise<Keyed | null>

  /**
   * Enters a message into its thread: the next `seq`, and `queued` (outbound) or `received` (internal) in one step.
   * An agent's outbound answers the conversation: `answeredCount`, `awaitingReplySince`, `activityAt`, and reopens it.
   * The line's last record becomes this conversation's.
   */
  enter(draft: Draft, checks: EnterChecks): Promise<Entered>

  /** Keeps a message for later: `scheduled`, no `seq`, in nobody's preview. */
  schedule(draft: Draft): Promise<Entered>
  /** The same for a moment, where the checks of `enter` let it at the time at which it is due; what was closed or snoozed is open then. */
  hold(draft: Draft, checks: EnterChecks): Promise<Entered>
  /** Scheduled messages whose time has come, the earliest first. */
  dueMessages(now: number, limit: number): Promise<{ orgId: string; message: Message; conversation: ConversationState }[]>
  /** Time of the next scheduled message, or null. */
  nextDueAt(): Promise<number | null>
  /**
   * Enters a scheduled message where the checks of `enter` let it; refused, it stays planned. Or enters it as `failed`, with
   * the reason. With `way`, that rule says in this step how it goes: as the text, as a template, or as an SMS in another thread; then
   * both enter, this one as `canceled`. Once: a repeat is `repeated`, and what a killed process began with is what it becomes.
   */
  enterScheduled(orgId: string, id: string, now: number, how: DueEntry): Promise<DueEntered>

  /** Lines that have an open message, by line id, for the dispatcher to start with. */
  openLines(after: string | null, limit: number): Promise<OpenLine[]>
  /**
   * The head of a line; when it is queued and its time has come it is claimed: `sending` with a lease, attempt + 1.
   * At most one message of a line is claimed at a time, and only ever its lowest open one.
   */
  claim(orgId: string, lineId: string, options: { now: number; leaseMs: number; fence: number }): Promise<Head>
  /** Claims whose lease ended, or of an older fence of that sender, become `unconfirmed`. */
  expireClaims(orgId: string, sender: string, options: { now: number; fence: number }): Promise<Changes>
  /** Twilio took it: SID, status, its line goes on. Callbacks held for that SID are merged in. */
  accepted(claim: Claim, answer: Answer): Promise<StatusApplied>
  /**
   * Shows the message to a rule and commits exactly what it answers. The rule is pure and may be called more than once, each
   * time with the latest state. Null: there is no such message.
   */
  changeMessage(orgId: string, id: string, decide: MessageRule): Promise<MessageChanged | null>
  /** Sensitive messages that entered and still say something, by id. */
  sensitiveTexts(after: string | null, limit: number): Promise<{ orgId: string; id: string }[]>
  /** Of these SIDs, those that a message has. */
  knownSids(orgId: string, sids: string[]): Promise<Set<string>>

  /** Merges a status callback: rises only, `delivered` heals `failed`, times of lower ones are kept, once. */
  applyStatus(report: StatusReport): Promise<StatusApplied>
  /** Open, not scheduled messages of each sender: how long the oldest waits. */
  oldestQueued(orgId: string): Promise<{ channel: Channel; sender: string; since: number }[]>

  // -- recovery ------------------------------------------------------------------------------------------------

  /** How far recovery has come; the first call of an organization makes it begin `now`. */
  recovery(orgId: string, now: number): Promise<RecoveryState>
  /** Raises what is given; a lower value changes nothing. */
  advanceRecovery(orgId: string, to: Partial<Pick<RecoveryState, 'position' | 'statusesAt'>>): Promise<void>
  /** Of these SIDs, those of our own outbound messages, with what is known about each. */
  sentStates(orgId: string, sids: string[]): Promise<SentState[]>
  /**
   * Messages with a SID that were last claimed in (`from`, `to`] and may still change (neither read, failed nor canceled)
   * or have no price, in the order of their claims; `after` is the last one of the page before.
   */
  incompleteSends(
    orgId: string,
    range: { from: number; to: number; after: Pick<SentState, 'claimedAt' | 'id'> | null; limit: number },
  ): Promise<SentState[]>

  // -- conversations -------------------------------------------------------------------------------------------

  /**
   * The window of this line counts from `at`, where it counted from later and the client wrote last by `heardBy`: every
   * conversation over it shows so. The next inbound message opens it again.
   */
  closeWindow(place: WindowPlace, at: number, heardBy: number): Promise<Changes>
  /** Says something about further messages on a line; what was said later stands. Every conversation over it shows so. */
  sayOptOut(orgId: string, lineId: string, said: OptOutSaid, at: number): Promise<OptOutSaved>
  /** Who opted out, in a steady order; a page's items belong to `limit` lines, each with one or both of its opt-outs. */
  optOuts(orgId: string, page: PageRequest): Promise<Page<ListedOptOut>>
  /** Finds or makes the conversation with this address about this record; nothing is sent. */
  openConversation(request: OpenRequest): Promise<{ created: boolean; conversation: ConversationState; changes: Changes }>
  conversation(viewer: Viewer, id: string): Promise<OwnConversationState | null>
  conversations(viewer: Viewer, filter: ConversationFilter, page: PageRequest): Promise<Page<OwnConversationState>>
  /** As `conversations` would list them, without those that only automations wrote in; each number at most 100. */
  countConversations(viewer: Viewer): Promise<InboxCounts>
  /**
   * Changes state, assignee, tags, record. Closing answers the conversation. Filing (`coordinationId`) makes the record
   * the line's last one; where that record has a thread already the messages move there and the emptied conversation
   * is gone: the answer is the target, and `reads` the cursors there that rose with it. Null: not in this viewer's scope,
   * before or after.
   */
  updateConversation(
    viewer: Viewer,
    id: string,
    patch: ConversationPatch,
  ): Promise<{ conversation: OwnConversationState; changes: Changes; reads: AgentRead[] } | null>
  /** Snoozed conversations whose time has come, the earliest first. */
  snoozeEnds(now: number, limit: number): Promise<{ orgId: string; conversationId: string }[]>
  /** Ascending `seq`. Without before, after, changedSince: the newest. Null: not in scope. */
  messages(viewer: Viewer, conversationId: string, range: MessageRange): Promise<{ items: Message[]; hasMore: boolean } | null>
  message(viewer: Viewer, id: string): Promise<Message | null>
  /** Newest first. A page may be short, or empty, and still have a next one. */
  messageLog(viewer: Viewer, filter: LogFilter, page: PageRequest): Promise<Page<Message>>
  /** The conversations that hold such messages, with what they hold of them; those in which people wrote last come first. */
  logThreads(viewer: Viewer, filter: LogFilter, page: PageRequest): Promise<Page<LogThread>>
  /** The lines of such a page as a table, without its head. Nothing else waits for it. */
  logTable(viewer: Viewer, filter: LogFilter, table: LogTable, page: PageRequest): Promise<TextPage>
  /**
   * Moves messages to another record's thread of the same line: each keeps id, time and text, gets the next `seq`
   * there, and leaves a `moved` line with its old `seq` here. Moving an inbound message away answers its thread.
   * Null: one of them is not in scope, or has no `seq`, or is open, or is a `moved` line.
   */
  moveMessages(
    viewer: Viewer,
    ids: string[],
    coordinationId: string | null,
    by: { id: string; name: string },
    now: number,
  ): Promise<{ moved: Message[]; undoId: string; changes: Changes } | null>
  /** Puts them back on their old `seq`; once. */
  undoMove(
    viewer: Viewer,
    undoId: string,
    by: { id: string; name: string },
    now: number,
  ): Promise<{ outcome: 'undone'; moved: Message[]; changes: Changes } | { outcome: 'done_before' | 'missing' }>
  /** Raises the viewer's read cursor, at most to the last `seq`; never lowers it. Null: not in scope. */
  markRead(
    viewer: Viewer,
    conversationId: string,
    seq: number,
  ): Promise<{ unread: number; readCount: number; readSeq: number; changed: boolean } | null>
  /** Absolute numbers of each viewer, in their order. All of one organization. */
  unread(viewers: Viewer[]): Promise<UnreadNumbers[]>
  /**
   * The viewer's unread messages, who waits, and how much waits unfiled from the record's client, per record; records outside
   * the scope are left out, those with none are 0. What is unfiled is a number and a time, whatever the scope.
   */
  unreadByCoordination(viewer: Viewer, ids: string[]): Promise<Record<string, RecordUnread>>
  /** The same of the contacts known by these keys (`identityKeys`), over all their conversations in scope; who has none there is left out. */
  unreadByKey(viewer: Viewer, keys: readonly string[]): Promise<ContactUnread[]>
  /** Records that have one of these contacts' numbers. */
  recordsOfContacts(orgId: string, contactIds: readonly string[]): Promise<string[]>
  /**
   * Every conversation in scope that changed since the cursor (also where only the viewer's own cursor moved): over-
   * reporting rather than missing, also under parallel writers. With null, an unknown or too old cursor, or after
   * something was filed or moved into or out of the scope: `full`, the first page of the list.
   */
  sync(viewer: Viewer, since: string | null, limit: number): Promise<Synced>

  // -- other processes -------------------------------------------------------------------------------------------

  /**
   * Everything of an organization that changed since the cursor (null: from now on), by any process: over-reporting rather
   * than missing, also under parallel writers. What `isNews` does not ask for is left out: messages and conversations by
   * their id, what left by its key, read cursors and records by those of `newsKeys`.
   */
  changesSince(orgId: string, since: string | null, isNews: IsNews): Promise<Feed>
  /** This process is there for so long, by the store's clock; 0: it leaves. */
  beat(process: string, forMs: number): Promise<void>
  /** Null: no two processes can share this store. */
  processes(): Promise<Processes | null>

  // -- contacts and records --------------------------------------------------------------------------------------

  contact(viewer: Viewer, id: string): Promise<Contact | null>
  /** By name. `tag`: those who have it. */
  contacts(viewer: Viewer, q: string | null, page: PageRequest, tag?: string): Promise<Page<Contact>>
  updateContact(viewer: Viewer, id: string, patch: ContactPatch, now: number): Promise<ContactPatched>
  /**
   * Takes rows of a list in, each as `decideImport` says, in their order; answers what became of each. Those that two contacts
   * claim are marked with each other. The same rows again change nothing. `dryRun`: says what would become of them.
   */
  importContacts(
    orgId: string,
    drafts: readonly ContactDraft[],
    options: { now: number; dryRun: boolean },
  ): Promise<{ imported: ContactImported[]; changes: Changes }>
  /**
   * Makes one of two who are one person: `from` is no more, and its lines, numbers, conversations and what is known of it are
   * `into`'s. Where one opted out of a sender, both did. Not in one step: killed in the middle, the same call again does the rest.
   */
  mergeContacts(viewer: Viewer, fromId: string, intoId: string, now: number): Promise<ContactsMerged>
  /** Takes them apart again, once; what was said meanwhile goes with its thread, and an opt-out stays. */
  unmergeContacts(viewer: Viewer, undoId: string, now: number): Promise<ContactsUnmerged>
  /**
   * Erases a contact with its conversations, messages, plans and what campaigns know of it. Where it opted out, that stays under
   * its address alone (`whoStays`). Not in one step: killed in the middle, the same call again does the rest. What Twilio's list
   * still has of the last days is not taken in again.
   */
  eraseContact(orgId: string, id: string, now: number): Promise<ContactErased>
  /** Everything said with this contact in the viewer's scope, newest first. Null: not in scope. */
  contactMessages(viewer: Viewer, id: string, page: PageRequest): Promise<Page<Message> | null>

  /**
   * Creates or replaces, all or nothing; answers in their order. Conversations that show a record change with it. A
   * `provisional` one is made where there is none, and changes nothing where there is one. Its plan is what `plan` makes of it, in
   * the same step; without it, somebody who knows the rules looks at the record at once.
   */
  saveCoordinations(
    orgId: string,
    inputs: CoordinationInput[],
    now: number,
    plan?: SavePlan,
  ): Promise<{ saved: CoordinationSaved[]; changes: Changes }>
  coordination(viewer: Viewer, id: string): Promise<Coordination | null>
  coordinations(
    viewer: Viewer,
    filter: { q?: string; status?: Coordination['status']; phoneKeys?: string[] },
    page: PageRequest,
  ): Promise<Page<Coordination>>
  /** The record's history over all its conversations, newest first. Null: not in scope. */
  coordinationMessages(viewer: Viewer, id: string, page: PageRequest): Promise<Page<Message> | null>

  // -- plans -----------------------------------------------------------------------------------------------------

  /** A record with its plan; null: there is none. */
  recordPlan(orgId: string, id: string): Promise<PlannedRecord | null>
  /** Commits what the rule makes of the latest plan; nothing else of the record rises. Null: there is no such record. */
  changePlan(orgId: string, id: string, decide: PlanRule): Promise<PlannedRecord | null>
  /** Records that are to be looked at by now, of all organizations, the earliest first. */
  duePlans(now: number, limit: number): Promise<PlannedRecord[]>
  /** When the next record is to be looked at, or null. */
  nextPlanAt(): Promise<number | null>
  /** An organization's records in the order of their ids. */
  recordPlans(orgId: string, after: string | null, limit: number): Promise<PlannedRecord[]>

  // -- templates -------------------------------------------------------------------------------------------------

  /** All languages of one, in their order. */
  templatesNamed(orgId: string, name: string): Promise<TemplateRecord[]>
  /** Those of these contents of Twilio. */
  templatesOfContents(orgId: string, contentSids: readonly string[]): Promise<TemplateRecord[]>
  /** By name and language, in the order of their bytes. */
  templates(orgId: string, filter: TemplateFilter, page: PageRequest): Promise<Page<TemplateRecord>>
  /** Saves what the rule makes of it, asked with the latest state. What is the same as before changes nothing. */
  changeTemplate(orgId: string, key: TemplateKey, decide: TemplateRule, now: number): Promise<TemplateChanged>
  /** Null: in every language. Answers how many there were. */
  deleteTemplates(orgId: string, name: string, language: string | null): Promise<number>

  // -- what people set up ----------------------------------------------------------------------------------------

  setting(orgId: string, kind: SettingKind, name: string): Promise<Setting | null>
  /** All of a kind, by name in the order of its bytes. */
  settings(orgId: string, kind: SettingKind): Promise<Setting[]>
  /** Saves what the rule makes of it, asked with the latest state. What is the same as before changes nothing. */
  changeSetting(orgId: string, kind: SettingKind, name: string, decide: SettingRule, now: number): Promise<SettingChanged>

  // -- told to the host ------------------------------------------------------------------------------------------

  /** Keeps what is to be delivered; of what has the same webhook and key there is one. Answers how many were new. */
  addDeliveries(orgId: string, drafts: readonly DeliveryDraft[], now: number): Promise<number>
  /** Of one webhook those that are still to be tried, by when, the earliest first. */
  waitingDeliveries(orgId: string, webhook: string, limit: number): Promise<Delivery[]>
  /** Saves what the rule makes of it, asked with the latest state. Null: there is no such delivery. */
  changeDelivery(orgId: string, id: string, decide: DeliveryRule, now: number): Promise<Delivery | null>
  delivery(orgId: string, id: string): Promise<Delivery | null>
  /** Of one webhook, the newest first. */
  deliveries(orgId: string, webhook: string, page: PageRequest): Promise<Page<Delivery>>
  /** Forgets those of a webhook that were made before then, the oldest `limit` of them; answers how many. */
  deleteDeliveries(orgId: string, webhook: string, before: number, limit: number): Promise<number>

  // -- campaigns -------------------------------------------------------------------------------------------------

  /** Keeps a campaign; of those with one key there is one, the first, which is the answer. */
  addCampaign(orgId: string, campaign: Campaign): Promise<{ created: boolean; campaign: Campaign }>
  campaign(orgId: string, id: string): Promise<Campaign | null>
  /** The newest first. */
  campaigns(orgId: string, page: PageRequest): Promise<Page<Campaign>>
  /** Saves what the rule makes of it, asked with the latest state. Null: there is no such campaign. */
  changeCampaign(orgId: string, id: string, decide: CampaignRule, now: number): Promise<{ changed: boolean; campaign: Campaign } | null>
  /** Those of all organizations that are to be looked at by now, the earliest first. */
  dueCampaigns(now: number, limit: number): Promise<{ orgId: string; campaign: Campaign }[]>
  /** Lists recipients; of those with one key a campaign has one, the first. Answers how many were new. */
  listRecipients(orgId: string, campaignId: string, drafts: readonly RecipientDraft[]): Promise<number>
  /** In the order of their ids, with what their messages are now. */
  recipients(orgId: string, campaignId: string, state: RecipientState | null, page: PageRequest): Promise<Page<RecipientSeen>>
  /** Counts a page of recipients by what they are; a group may come again in the next page. */
  groupRecipients(orgId: string, campaignId: string, page: PageRequest): Promise<Page<RecipientGroup>>
  /** Pending ones whose time has come, the earliest first. */
  dueRecipients(orgId: string, campaignId: string, now: number, limit: number): Promise<Recipient[]>
  /** When the next pending one is due; null: nobody is pending. */
  nextRecipientAt(orgId: string, campaignId: string): Promise<number | null>
  /** How many are in that state; at most `most` are counted. */
  countRecipients(orgId: string, campaignId: string, state: RecipientState, most: number): Promise<number>
  /** What became of pending ones; who is settled already stays so. */
  settleRecipients(orgId: string, campaignId: string, settled: readonly Settled[]): Promise<void>

  // -- agents ----------------------------------------------------------------------------------------------------

  agent(orgId: string, id: string): Promise<AgentRecord | null>
  /** Those seen since then, the latest first, at most `limit`. */
  agents(orgId: string, seenSince: number, limit: number): Promise<AgentRecord[]>
  /** They were here: makes those that are new, keeps the newest name. Answers each as it is now, in their order. */
  seeAgents(orgId: string, agents: { id: string; name: string }[], now: number): Promise<AgentRecord[]>
  /** Changes what is given, of the settings each by itself; makes an agent that is new. */
  updateAgent(orgId: string, agent: { id: string; name: string }, patch: AgentPatch, now: number): Promise<AgentRecord>

  /** Keeps a subscription; the same endpoint again replaces it, whoever's it was. */
  savePush(subscription: PushSubscription): Promise<void>
  deletePush(orgId: string, endpoint: string): Promise<void>
  /** Those that have not expired. */
  pushSubscriptions(orgId: string, now: number): Promise<PushSubscription[]>

  /** Keeps a value under a name for all processes, once: the answer is the first that was given. */
  keepFirst(name: string, value: string): Promise<string>
}
