// Opens the MongoDB store: connection, schema, upkeep, and the port's calls given to their operations.
import { DomainError } from '../../../shared/problems.ts'
import type { Clock } from '../../clock.ts'
import type { NewId } from '../../ids.ts'
import { copiedAt } from '../copy-mark.ts'
import type { Store } from '../store.ts'
import { agent, agents, deletePush, keepFirst, pushSubscriptions, savePush, seeAgents, updateAgent } from './agents.ts'
import { createApplyStatus } from './apply-status.ts'
import { changeMessage, expireClaims } from './change-message.ts'
import { addCampaign, campaign, campaigns, changeCampaign, dueCampaigns } from './campaigns.ts'
import { claim, oldestQueued, openLines } from './claim.ts'
import { closeWindow } from './close-window.ts'
import { contact, contactMessages, contacts, updateContact } from './contacts.ts'
import { mergeContacts, unmergeContacts } from './merge-contact.ts'
import { eraseContact } from './erase-contact.ts'
import { importContacts } from './import-contacts.ts'
import { conversation, conversations, openConversation } from './conversations.ts'
import { countConversations } from './count-conversations.ts'
import { type MongoConnection, openConnection } from './connection.ts'
import { coordination, coordinationMessages, coordinations } from './coordinations.ts'
import { createLocks, type Database, readClock } from './database.ts'
import { addDeliveries, changeDelivery, deleteDeliveries, deliveries, delivery, waitingDeliveries } from './deliveries.ts'
import { enter, findByKey } from './enter.ts'
import { enterScheduled } from './enter-due.ts'
import { asDomainError, asOpenError } from './errors.ts'
import { beat, changesSince, processes } from './feed.ts'
import { takeLease, releaseLease } from './leases.ts'
import { logTable, logThreads } from './log-threads.ts'
import { messageLog } from './message-log.ts'
import { message, messages } from './messages.ts'
import { migrate } from './migrations.ts'
import { moveMessages, undoMove } from './move.ts'
import { optOuts, sayOptOut } from './opt-outs.ts'
import { createReceive } from './receive.ts'
import { changePlan, duePlans, nextPlanAt, recordPlan, recordPlans } from './plans.ts'
import {
  countRecipients,
  dueRecipients,
  groupRecipients,
  listRecipients,
  nextRecipientAt,
  recipients,
  settleRecipients,
} from './recipients.ts'
import { advanceRecovery, incompleteSends, recovery, sentStates } from './recovery.ts'
import { createGate, type Gate } from './gate.ts'
import { mediaToFetch, messageMedia, namedFiles } from './media.ts'
import { saveCoordinations } from './save-coordinations.ts'
import { dueMessages, hold, nextDueAt, schedule } from './schedule.ts'
import { sensitiveTexts } from './sensitive-texts.ts'
import { accepted, knownSids } from './status.ts'
import { sync } from './sync.ts'
import { changeSetting, setting, settings } from './settings.ts'
import { changeTemplate, deleteTemplates, templates, templatesNamed, templatesOfContents } from './templates.ts'
import { markRead, recordsOfContacts, unread, unreadByCoordination, unreadByKey } from './unread.ts'
import { snoozeEnds, updateConversation } from './update-conversation.ts'
import { createUpkeep } from './upkeep.ts'

export interface MongoOptions {
  url: string
  clock: Clock
  newId: NewId
  /** How long a call waits for a server that does not answer. */
  patienceMs?: number
  /** False: pending messages wait for whoever reads or changes their conversation. */
  upkeep?: boolean
  /** Up to so many unanswered conversations are counted one by one. */
  countOneByOne?: number
  /** Told every command that is sent, to look at how the server answers it. */
  onCommand?: (command: Readonly<Record<string, unknown>>) => void
}

/**
 * Guarantees the newest schema, and that what a killed process left half done is completed.
 *
 * @throws DomainError `unavailable` where the database does not answer, has a newer schema or half a copy.
 */
export async function openMongoStore(options: MongoOptions): Promise<Store> {
  const { db, gate, close } = await openDatabase(options)
  return guarded(storeOf(db), gate, close)
}

/** `copying`: also where a copy into it is not whole. */
export async function openDatabase(
  options: MongoOptions & { copying?: boolean },
): Promise<{ db: Database; gate: Gate; close: () => Promise<void> }> {
  const { url, onCommand, patienceMs = 3_000 } = options
  let connection: MongoConnection | null = null
  try {
    connection = await openConnection({ url, patienceMs, onCommand })
    const { first, collections, close } = connection
    await migrate(first, collections)
    const mark = options.copying ? null : await collections.kept.findOne({ _id: 'copy' })
    const upkeep = createUpkeep(options.upkeep ?? true)
    const gate = createGate()
    // The same object: a connection that is replaced replaces its collections.
    const db: Database = Object.assign(collections, {
      clock: options.clock,
      newId: options.newId,
      now: () => readClock(collections),
      madeAt: copiedAt(mark?.value),
      countOneByOne: options.countOneByOne ?? 2_000,
      lock: createLocks(),
      inTurn: gate.pass,
      unflushed: new Map(),
      copied: new Map(),
      flushSoon: upkeep.flushSoon,
      previewed: upkeep.previewed,
    })
    if (options.upkeep !== false) await upkeep.start(db)
    return {
      db,
      gate,
      async close() {
        await upkeep.stop()
        await close()
      },
    }
  } catch (error) {
    await connection?.close().catch(() => undefined)
    throw asOpenError(error, options.url)
  }
}

/** They wait for nobody: whether it answers at all, and what other processes wrote, is asked by one at a time. */
const hurried = new Set(['ping', 'beat', 'processes', 'changesSince'])
/** They wait for their group, not for the gate: many of them are but a few commands. */
const grouped = new Set(['receive', 'applyStatus'])
const MOST_GROUPED = 600

/** Every failure of the database is a domain error; closing waits for what is under way, and nothing begins after it. */
function guarded(store: Omit<Store, 'close'>, gate: Gate, end: () => Promise<void>): Store {
  const underWay = new Set<Promise<unknown>>()
  const wideGate = createGate({ mostAtOnce: MOST_GROUPED, mostWaiting: 0 })
  let closing: Promise<void> | null = null
  const calls = Object.entries(store as unknown as Record<string, (...args: unknown[]) => Promise<unknown>>).map(([name, call]) => {
    const run = async (...args: unknown[]) => {
      if (closing) throw new DomainError('unavailable', 'The store is closed.')
      const running = hurried.has(name) ? call(...args) : (grouped.has(name) ? wideGate : gate).pass(() => call(...args))
      underWay.add(running)
      try {
        return await running
      } catch (error) {
        throw asDomainError(error)
      } finally {
        underWay.delete(running)
      }
    }
    return [name, run] as const
  })
  return {
    ...(Object.fromEntries(calls) as unknown as Omit<Store, 'close'>),
    close() {
      closing ??= (async () => {
        await Promise.allSettled(underWay)
        await end()
      })()
      return closing
    },
  }
}

function storeOf(db: Database): Omit<Store, 'close'> {
  const receive = createReceive(db)
  const applyStatus = createApplyStatus(db)
  return {
    ping: async () => {
      await db.now()
    },
    receive,
    mediaToFetch: (limit) => mediaToFetch(db, limit),
    namedFiles: (hashes) => namedFiles(db, hashes),
    messageMedia: (messageId) => messageMedia(db, messageId),
    findByKey: (orgId, key) => findByKey(db, orgId, key),
    enter: (draft, checks) => enter(db, draft, checks),
    schedule: (draft) => schedule(db, draft),
    hold: (draft, checks) => hold(db, draft, checks),
    dueMessages: (now, limit) => dueMessages(db, now, limit),
    nextDueAt: () => nextDueAt(db),
    enterScheduled: (orgId, id, now, how) => enterScheduled(db, orgId, id, now, how),
    takeLease: (orgId, name, holder, ttlMs) => takeLease(db, orgId, name, holder, ttlMs),
    releaseLease: (orgId, name, holder) => releaseLease(db, orgId, name, holder),
    openLines: (after, limit) => openLines(db, after, limit),
    claim: (orgId, lineId, more) => claim(db, orgId, lineId, more),
    expireClaims: (orgId, sender, more) => expireClaims(db, orgId, sender, more),
    accepted: (claimed, answer) => accepted(db, claimed, answer),
    changeMessage: (orgId, id, decide) => changeMessage(db, orgId, id, decide),
    sensitiveTexts: (after, limit) => sensitiveTexts(db, after, limit),
    knownSids: (orgId, sids) => knownSids(db, orgId, sids),
    applyStatus,
    oldestQueued: (orgId) => oldestQueued(db, orgId),
    recovery: (orgId, now) => recovery(db, orgId, now),
    advanceRecovery: (orgId, to) => advanceRecovery(db, orgId, to),
    sentStates: (orgId, sids) => sentStates(db, orgId, sids),
    incompleteSends: (orgId, range) => incompleteSends(db, orgId, range),
    closeWindow: (place, at, heardBy) => closeWindow(db, place, at, heardBy),
    sayOptOut: (orgId, lineId, said, at) => sayOptOut(db, orgId, lineId, said, at),
    optOuts: (orgId, page) => optOuts(db, orgId, page),
    openConversation: (request) => openConversation(db, request),
    conversation: (viewer, id) => conversation(db, viewer, id),
    conversations: (viewer, filter, page) => conversations(db, viewer, filter, page),
    countConversations: (viewer) => countConversations(db, viewer),
    snoozeEnds: (now, limit) => snoozeEnds(db, now, limit),
    updateConversation: (viewer, id, patch) => updateConversation(db, viewer, id, patch),
    messages: (viewer, id, range) => messages(db, viewer, id, range),
    message: (viewer, id) => message(db, viewer, id),
    messageLog: (viewer, filter, page) => messageLog(db, viewer, filter, page),
    logThreads: (viewer, filter, page) => logThreads(db, viewer, filter, page),
    logTable: (viewer, filter, table, page) => logTable(db, viewer, filter, table, page),
    moveMessages: (viewer, ids, coordinationId, by, now) => moveMessages(db, viewer, ids, coordinationId, by, now),
    undoMove: (viewer, undoId, by, now) => undoMove(db, viewer, undoId, by, now),
    markRead: (viewer, id, seq) => markRead(db, viewer, id, seq),
    unread: (viewers) => unread(db, viewers),
    unreadByCoordination: (viewer, ids) => unreadByCoordination(db, viewer, ids),
    unreadByKey: (viewer, keys) => unreadByKey(db, viewer, keys),
    recordsOfContacts: (orgId, contactIds) => recordsOfContacts(db, orgId, contactIds),
    sync: (viewer, since, limit) => sync(db, viewer, since, limit),
    changesSince: (orgId, since, isNews) => changesSince(db, orgId, since, isNews),
    beat: (process, forMs) => beat(db, process, forMs),
    processes: () => processes(db),
    contact: (viewer, id) => contact(db, viewer, id),
    contacts: (viewer, q, page, tag) => contacts(db, viewer, q, page, tag),
    updateContact: (viewer, id, patch, now) => updateContact(db, viewer, id, patch, now),
    mergeContacts: (viewer, from, into, now) => mergeContacts(db, viewer, from, into, now),
    unmergeContacts: (viewer, undoId, now) => unmergeContacts(db, viewer, undoId, now),
    eraseContact: (orgId, id, now) => eraseContact(db, orgId, id, now),
    importContacts: (orgId, drafts, how) => importContacts(db, orgId, drafts, how),
    contactMessages: (viewer, id, page) => contactMessages(db, viewer, id, page),
    saveCoordinations: (orgId, inputs, now, plan) => saveCoordinations(db, orgId, inputs, now, plan),
    recordPlan: (orgId, id) => recordPlan(db, orgId, id),
    changePlan: (orgId, id, decide) => changePlan(db, orgId, id, decide),
    duePlans: (now, limit) => duePlans(db, now, limit),
    nextPlanAt: () => nextPlanAt(db),
    recordPlans: (orgId, after, limit) => recordPlans(db, orgId, after, limit),
    coordination: (viewer, id) => coordination(db, viewer, id),
    coordinations: (viewer, filter, page) => coordinations(db, viewer, filter, page),
    coordinationMessages: (viewer, id, page) => coordinationMessages(db, viewer, id, page),
    templatesNamed: (orgId, name) => templatesNamed(db, orgId, name),
    templatesOfContents: (orgId, contentSids) => templatesOfContents(db, orgId, contentSids),
    templates: (orgId, filter, page) => templates(db, orgId, filter, page),
    changeTemplate: (orgId, key, decide, now) => changeTemplate(db, orgId, key, decide, now),
    deleteTemplates: (orgId, name, language) => deleteTemplates(db, orgId, name, language),
    setting: (orgId, kind, name) => setting(db, orgId, kind, name),
    settings: (orgId, kind) => settings(db, orgId, kind),
    changeSetting: (orgId, kind, name, decide, now) => changeSetting(db, orgId, kind, name, decide, now),
    addDeliveries: (orgId, drafts, now) => addDeliveries(db, orgId, drafts, now),
    waitingDeliveries: (orgId, webhook, limit) => waitingDeliveries(db, orgId, webhook, limit),
    changeDelivery: (orgId, id, decide, now) => changeDelivery(db, orgId, id, decide, now),
    delivery: (orgId, id) => delivery(db, orgId, id),
    deliveries: (orgId, webhook, page) => deliveries(db, orgId, webhook, page),
    deleteDeliveries: (orgId, webhook, before, limit) => deleteDeliveries(db, orgId, webhook, before, limit),
    addCampaign: (orgId, draft) => addCampaign(db, orgId, draft),
    campaign: (orgId, id) => campaign(db, orgId, id),
    campaigns: (orgId, page) => campaigns(db, orgId, page),
    changeCampaign: (orgId, id, decide, now) => changeCampaign(db, orgId, id, decide, now),
    dueCampaigns: (now, limit) => dueCampaigns(db, now, limit),
    listRecipients: (orgId, campaignId, drafts) => listRecipients(db, orgId, campaignId, drafts),
    recipients: (orgId, campaignId, state, page) => recipients(db, orgId, campaignId, state, page),
    groupRecipients: (orgId, campaignId, page) => groupRecipients(db, orgId, campaignId, page),
    dueRecipients: (orgId, campaignId, now, limit) => dueRecipients(db, orgId, campaignId, now, limit),
    nextRecipientAt: (orgId, campaignId) => nextRecipientAt(db, orgId, campaignId),
    countRecipients: (orgId, campaignId, state, most) => countRecipients(db, orgId, campaignId, state, most),
    settleRecipients: (orgId, campaignId, settled) => settleRecipients(db, orgId, campaignId, settled),
    agent: (orgId, id) => agent(db, orgId, id),
    agents: (orgId, seenSince, limit) => agents(db, orgId, seenSince, limit),
    seeAgents: (orgId, seen, now) => seeAgents(db, orgId, seen, now),
    updateAgent: (orgId, who, patch, now) => updateAgent(db, orgId, who, patch, now),
    savePush: (subscription) => savePush(db, subscription),
    deletePush: (orgId, endpoint) => deletePush(db, orgId, endpoint),
    pushSubscriptions: (orgId, now) => pushSubscriptions(db, orgId, now),
    keepFirst: (name, value) => keepFirst(db, name, value),
  }
}
