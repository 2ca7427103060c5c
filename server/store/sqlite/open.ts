// Opens the SQLite store: lock, connection, schema, and the port's calls given to their operations.
import { randomBytes } from 'node:crypto'
import { accessSync, constants, existsSync, mkdirSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { DomainError } from '../../../shared/problems.ts'
import type { Clock } from '../../clock.ts'
import type { NewId } from '../../ids.ts'
import { copiedAt } from '../copy-mark.ts'
import type { Store } from '../store.ts'
import { agent, agents, deletePush, keepFirst, pushSubscriptions, savePush, seeAgents, updateAgent } from './agents.ts'
import { changeMessage, expireClaims } from './change-message.ts'
import { addCampaign, campaign, campaigns, changeCampaign, dueCampaigns } from './campaigns.ts'
import { claim, oldestQueued, openLines } from './claim.ts'
import { closeWindow } from './close-window.ts'
import { asDomainError, configure, connect } from './connection.ts'
import { contact, contacts, updateContact } from './contacts.ts'
import { conversation, conversations, openConversation } from './conversations.ts'
import { countConversations } from './count-conversations.ts'
import { coordination, coordinations } from './coordinations.ts'
import { addDeliveries, changeDelivery, deleteDeliveries, deliveries, delivery, waitingDeliveries } from './deliveries.ts'
import { enter } from './enter.ts'
import { enterScheduled } from './enter-due.ts'
import { changesSince } from './feed.ts'
import { fileFaultOf } from './file-faults.ts'
import { createGroupCommit } from './group-commit.ts'
import { mergeContacts, unmergeContacts } from './merge-contact.ts'
import { eraseContact } from './erase-contact.ts'
import { importContacts } from './import-contacts.ts'
import { inspectFile } from './inspect-file.ts'
import { takeLease, releaseLease } from './leases.ts'
import { lockStore } from './lock.ts'
import { messageByKey } from './message-row.ts'
import { messageLog } from './message-log.ts'
import { contactMessages, coordinationMessages, message, messages } from './messages.ts'
import { checkSchema, migrate, type Migration } from './migrations.ts'
import { moveMessages, undoMove } from './move.ts'
import { optOuts, sayOptOut } from './opt-outs.ts'
import { createReader, readHere, type Reader } from './reader.ts'
import { receive } from './receive.ts'
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
import { toKeyed } from './rows.ts'
import { mediaToFetch, messageMedia, namedFiles } from './media.ts'
import { dueMessages, hold, nextDueAt, schedule } from './schedule.ts'
import { completeSaves, saveCoordinations } from './save-coordinations.ts'
import type { Sqlite } from './sqlite.ts'
import { sensitiveTexts } from './sensitive-texts.ts'
import { accepted, applyStatus, knownSids } from './status.ts'
import { sync } from './sync.ts'
import { changeSetting, setting, settings } from './settings.ts'
import { changeTemplate, deleteTemplates, templates, templatesNamed, templatesOfContents } from './templates.ts'
import { markRead, recordsOfContacts, unread, unreadByCoordination, unreadByKey } from './unread.ts'
import { snoozeEnds, updateConversation } from './update-conversation.ts'

export interface SqliteOptions {
  file: string
  clock: Pick<Clock, 'now'>
  newId: NewId
  /** False: beside a running server, for the command line. */
  lock?: boolean
  readOnly?: boolean
  /** Other schema versions than this program's own. */
  migrations?: readonly Migration[]
  /** Told each statement's text once. */
  onPrepare?: (text: string) => void
}

/**
 * Guarantees one server per file while it is open (unless `lock` is false), and the newest schema.
 *
 * @throws DomainError `unavailable` with what to do: another server runs, newer schema, damaged file, no permission, half a copy.
 */
export async function openSqliteStore(options: SqliteOptions): Promise<Store> {
  const { sql, close } = openFile(options)
  try {
    copiedAt(copyMark(sql))
    if (options.readOnly !== true) await completeSaves(sql)
  } catch (error) {
    await close()
    throw error
  }
  const reader = options.file === ':memory:' ? readHere(sql) : createReader(resolve(options.file))
  return storeOf(sql, reader, async () => void (await Promise.all([reader.close(), close()])))
}

/** What the copy that made this database notes of itself. */
export const copyMark = (sql: Sqlite): string | null =>
  sql.get<{ value: string }>("SELECT value FROM kept WHERE name = 'copy'")?.value ?? null

/** The same, also where a copy into it is not whole. Closing twice does no harm. */
export function openFile(options: SqliteOptions): { sql: Sqlite; close: () => Promise<void> } {
  const inMemory = options.file === ':memory:'
  const file = inMemory ? options.file : resolve(options.file)
  const readOnly = options.readOnly ?? false
  const closers: (() => void)[] = []
  try {
    if (!inMemory && !readOnly) mkdirSync(dirname(file), { recursive: true })
    if (!inMemory && !readOnly && options.lock !== false) closers.push(lockStore(file))
    // Before SQLite makes its log beside it, with the same rights, which would outlive the mistake.
    if (!inMemory && !readOnly && existsSync(file)) accessSync(file, constants.W_OK)
    if (!inMemory) inspectFile(file, options.migrations)
    const connection = connect(file, { readOnly, onPrepare: options.onPrepare })
    closers.push(connection.close)
    if (readOnly) {
      if (checkSchema(connection.db, file) === 0) throw new DomainError('unavailable', `${file} is empty. Start the server once.`)
    } else {
      migrate(connection.db, file, randomBytes(6).toString('base64url'), options.migrations)
      configure(connection)
    }
    const storeId = connection.get<{ store_id: string }>('SELECT store_id FROM feed WHERE one = 1')?.store_id ?? ''
    const commits = createGroupCommit(connection)
    const { get, all, each, run, memory } = connection
    const { clock, newId } = options
    const sql: Sqlite = { get, all, each, run, ...commits, remember: memory.remember, clock, newId, storeId }
    let closing: Promise<void> | null = null
    const close = () => {
      closing ??= commits.end().then(() => {
        for (const end of closers.reverse()) end()
      })
      return closing
    }
    return { sql, close }
  } catch (error) {
    for (const close of closers.reverse()) close()
    // A sentence that names the file says it already.
    const told = error instanceof DomainError && error.message.includes(file)
    const fault = told ? null : fileFaultOf(error instanceof DomainError ? error.cause : error)
    if (fault === null) throw asDomainError(error)
    throw new DomainError('unavailable', `The database ${file} cannot be used: ${fault.what}. ${fault.toDo}`, { cause: error })
  }
}

function storeOf(sql: Sqlite, reader: Reader, close: () => Promise<void>): Store {
  return {
    async ping() {
      sql.get('SELECT value FROM feed WHERE one = 1')
    },
    close,
    receive: (inbound, route) => receive(sql, inbound, route),
    mediaToFetch: async (limit) => mediaToFetch(sql, limit),
    namedFiles: async (hashes) => namedFiles(sql, hashes),
    messageMedia: async (messageId) => messageMedia(sql, messageId),
    async findByKey(orgId, key) {
      const row = messageByKey(sql, orgId, key)
      return row ? toKeyed(row) : null
    },
    enter: (draft, checks) => enter(sql, draft, checks),
    schedule: (draft) => schedule(sql, draft),
    hold: (draft, checks) => hold(sql, draft, checks),
    dueMessages: async (now, limit) => dueMessages(sql, now, limit),
    nextDueAt: async () => nextDueAt(sql),
    enterScheduled: (orgId, id, now, how) => enterScheduled(sql, orgId, id, now, how),
    takeLease: (orgId, name, holder, ttlMs) => takeLease(sql, orgId, name, holder, ttlMs),
    releaseLease: (orgId, name, holder) => releaseLease(sql, orgId, name, holder),
    openLines: async (after, limit) => openLines(sql, after, limit),
    claim: (orgId, lineId, more) => claim(sql, orgId, lineId, more),
    expireClaims: (orgId, sender, more) => expireClaims(sql, orgId, sender, more),
    accepted: (claimed, answer) => accepted(sql, claimed, answer),
    changeMessage: (orgId, id, decide) => changeMessage(sql, orgId, id, decide),
    sensitiveTexts: async (after, limit) => sensitiveTexts(sql, after, limit),
    knownSids: async (orgId, sids) => knownSids(sql, orgId, sids),
    applyStatus: (report) => applyStatus(sql, report),
    oldestQueued: async (orgId) => oldestQueued(sql, orgId),
    recovery: (orgId, now) => recovery(sql, orgId, now),
    advanceRecovery: (orgId, to) => advanceRecovery(sql, orgId, to),
    sentStates: async (orgId, sids) => sentStates(sql, orgId, sids),
    incompleteSends: async (orgId, range) => incompleteSends(sql, orgId, range),
    closeWindow: (place, at, heardBy) => closeWindow(sql, place, at, heardBy),
    sayOptOut: (orgId, lineId, said, at) => sayOptOut(sql, orgId, lineId, said, at),
    optOuts: async (orgId, page) => optOuts(sql, orgId, page),
    openConversation: (request) => openConversation(sql, request),
    conversation: async (viewer, id) => conversation(sql, viewer, id),
    countConversations: async (viewer) => countConversations(sql, viewer),
    conversations: async (viewer, filter, page) => conversations(sql, viewer, filter, page),
    snoozeEnds: async (now, limit) => snoozeEnds(sql, now, limit),
    updateConversation: (viewer, id, patch) => updateConversation(sql, viewer, id, patch),
    messages: async (viewer, conversationId, range) => messages(sql, viewer, conversationId, range),
    message: async (viewer, id) => message(sql, viewer, id),
    messageLog: async (viewer, filter, page) => messageLog(sql, viewer, filter, page),
    logThreads: (viewer, filter, page) => reader.ask('logThreads', viewer, filter, page),
    logTable: (viewer, filter, table, page) => reader.ask('logTable', viewer, filter, table, page),
    moveMessages: (viewer, ids, coordinationId, by, now) => moveMessages(sql, viewer, ids, coordinationId, by, now),
    undoMove: (viewer, undoId, by, now) => undoMove(sql, viewer, undoId, by, now),
    markRead: (viewer, conversationId, seq) => markRead(sql, viewer, conversationId, seq),
    unread: async (viewers) => unread(sql, viewers),
    unreadByCoordination: async (viewer, ids) => unreadByCoordination(sql, viewer, ids),
    unreadByKey: async (viewer, keys) => unreadByKey(sql, viewer, keys),
    recordsOfContacts: async (orgId, contactIds) => recordsOfContacts(sql, orgId, contactIds),
    sync: async (viewer, since, limit) => sync(sql, viewer, since, limit),
    changesSince: async (orgId, since, isNews) => changesSince(sql, orgId, since, isNews),
    // The file is locked for one process.
    async beat() {},
    processes: async () => null,
    contact: async (viewer, id) => contact(sql, viewer, id),
    contacts: async (viewer, q, page, tag) => contacts(sql, viewer, q, page, tag),
    updateContact: (viewer, id, patch, now) => updateContact(sql, viewer, id, patch, now),
    mergeContacts: (viewer, from, into, now) => mergeContacts(sql, viewer, from, into, now),
    unmergeContacts: (viewer, undoId, now) => unmergeContacts(sql, viewer, undoId, now),
    eraseContact: (orgId, id, now) => eraseContact(sql, orgId, id, now),
    importContacts: (orgId, drafts, how) => importContacts(sql, orgId, drafts, how),
    contactMessages: async (viewer, id, page) => contactMessages(sql, viewer, id, page),
    saveCoordinations: (orgId, inputs, now, plan) => saveCoordinations(sql, orgId, inputs, now, plan),
    recordPlan: async (orgId, id) => recordPlan(sql, orgId, id),
    changePlan: (orgId, id, decide) => changePlan(sql, orgId, id, decide),
    duePlans: async (now, limit) => duePlans(sql, now, limit),
    nextPlanAt: async () => nextPlanAt(sql),
    recordPlans: async (orgId, after, limit) => recordPlans(sql, orgId, after, limit),
    coordination: async (viewer, id) => coordination(sql, viewer, id),
    coordinations: async (viewer, filter, page) => coordinations(sql, viewer, filter, page),
    coordinationMessages: async (viewer, id, page) => coordinationMessages(sql, viewer, id, page),
    templatesNamed: async (orgId, name) => templatesNamed(sql, orgId, name),
    templatesOfContents: async (orgId, contentSids) => templatesOfContents(sql, orgId, contentSids),
    templates: async (orgId, filter, page) => templates(sql, orgId, filter, page),
    changeTemplate: (orgId, key, decide, now) => changeTemplate(sql, orgId, key, decide, now),
    deleteTemplates: (orgId, name, language) => deleteTemplates(sql, orgId, name, language),
    setting: async (orgId, kind, name) => setting(sql, orgId, kind, name),
    settings: async (orgId, kind) => settings(sql, orgId, kind),
    changeSetting: (orgId, kind, name, decide, now) => changeSetting(sql, orgId, kind, name, decide, now),
    addDeliveries: (orgId, drafts, now) => addDeliveries(sql, orgId, drafts, now),
    waitingDeliveries: async (orgId, webhook, limit) => waitingDeliveries(sql, orgId, webhook, limit),
    changeDelivery: (orgId, id, decide, now) => changeDelivery(sql, orgId, id, decide, now),
    delivery: async (orgId, id) => delivery(sql, orgId, id),
    deliveries: async (orgId, webhook, page) => deliveries(sql, orgId, webhook, page),
    deleteDeliveries: (orgId, webhook, before, limit) => deleteDeliveries(sql, orgId, webhook, before, limit),
    addCampaign: (orgId, draft) => addCampaign(sql, orgId, draft),
    campaign: async (orgId, id) => campaign(sql, orgId, id),
    campaigns: async (orgId, page) => campaigns(sql, orgId, page),
    changeCampaign: (orgId, id, decide, now) => changeCampaign(sql, orgId, id, decide, now),
    dueCampaigns: async (now, limit) => dueCampaigns(sql, now, limit),
    listRecipients: (orgId, campaignId, drafts) => listRecipients(sql, orgId, campaignId, drafts),
    recipients: async (orgId, campaignId, state, page) => recipients(sql, orgId, campaignId, state, page),
    groupRecipients: async (orgId, campaignId, page) => groupRecipients(sql, orgId, campaignId, page),
    dueRecipients: async (orgId, campaignId, now, limit) => dueRecipients(sql, orgId, campaignId, now, limit),
    nextRecipientAt: async (orgId, campaignId) => nextRecipientAt(sql, orgId, campaignId),
    countRecipients: async (orgId, campaignId, state, most) => countRecipients(sql, orgId, campaignId, state, most),
    settleRecipients: (orgId, campaignId, settled) => settleRecipients(sql, orgId, campaignId, settled),
    agent: async (orgId, id) => agent(sql, orgId, id),
    agents: async (orgId, seenSince, limit) => agents(sql, orgId, seenSince, limit),
    seeAgents: (orgId, seen, now) => seeAgents(sql, orgId, seen, now),
    updateAgent: (orgId, who, patch, now) => updateAgent(sql, orgId, who, patch, now),
    savePush: (subscription) => savePush(sql, subscription),
    deletePush: (orgId, endpoint) => deletePush(sql, orgId, endpoint),
    pushSubscriptions: async (orgId, now) => pushSubscriptions(sql, orgId, now),
    keepFirst: (name, value) => keepFirst(sql, name, value),
  }
}
