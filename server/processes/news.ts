// The news between processes: everything that this one tells its own sockets or its own dispatcher.
import type { CampaignEvent, ReadCursor } from '../../shared/events.ts'
import type { Coordination, OwnSettings } from '../../shared/model.ts'
import type { HeldFault } from '../outbox/senders.ts'
import type { Parts, Publish } from '../parts.ts'
import { readKey, readRev, recordKey, templatesKey } from '../store/news-keys.ts'
import type { Changes } from '../store/records.ts'
import { type Hears, hearsOfMessage, hearsOfRow } from '../rules/audience.ts'
import { tellHere } from '../tell.ts'
import type { Spent } from './collect-spent.ts'
import type { AgentThere, ViewersThere } from './elsewhere.ts'
import type { Known } from './known.ts'

export type News =
  | { kind: 'changes'; changes: Changes }
  | { kind: 'cursor'; orgId: string; agentId: string; cursor: ReadCursor }
  | { kind: 'coordination'; orgId: string; coordination: Coordination }
  | { kind: 'settings'; orgId: string; agentId: string; settings: OwnSettings }
  | { kind: 'agent'; orgId: string; agentId: string }
  | { kind: 'campaign'; orgId: string; event: CampaignEvent }
  /** Found in the feed: how often templates changed so far. */
  | { kind: 'templates'; orgId: string; changes: number | null }
  /** The provider's complaints about our senders. */
  | { kind: 'channels'; orgId: string; faults: HeldFault[] }
  /** The requests that tokens spent. */
  | { kind: 'spent'; spent: Spent[] }
  /** Of this process: who shows a conversation here, and whether an agent has a page open here. */
  | { kind: 'viewing'; viewers: ViewersThere }
  | { kind: 'connected'; agent: AgentThere; isHere: boolean }

/** This process knows it from now on, but for what the feed has to tell again. */
export function noteNews(known: Known, news: News): void {
  if (news.kind === 'changes') {
    const { changes } = news
    for (const row of changes.conversations) noteTold(known, row, hearsOfRow(row, changes))
    for (const message of changes.messages) noteTold(known, message, hearsOfMessage(message, changes.news))
  } else if (news.kind === 'cursor') known.note(readKey({ agentId: news.agentId, ...news.cursor }), readRev(news.cursor))
  else if (news.kind === 'templates' && news.changes !== null) known.note(templatesKey(news.orgId), news.changes)
  else if (news.kind === 'coordination') known.note(recordKey(news.coordination.id), news.coordination.rev)
}

/**
 * What only viewers are told of, such as a delivery, follows on what was told to all, such as that the message entered. Where the change
 * before it was not heard here, that may be what was missed: then the feed, which reckons with it, tells it.
 */
function noteTold(known: Known, { id, rev }: { id: string; rev: number }, hears: Hears): void {
  if (hears === 'all' || rev <= 1 || !known.isNews(id, rev - 1)) known.note(id, rev)
}

type HearingParts = Pick<Parts, 'publish' | 'dispatch' | 'organizations' | 'clock'>

/** To this process's own sockets and dispatcher. */
export function hearNews(parts: HearingParts, news: News): void {
  const { publish } = parts
  switch (news.kind) {
    case 'changes':
      tellHere(parts, news.changes)
      break
    case 'cursor':
      publish.cursor(news.orgId, news.agentId, news.cursor)
      break
    case 'coordination':
      publish.coordination(news.orgId, news.coordination)
      break
    case 'settings':
      publish.settings(news.orgId, news.agentId, news.settings)
      break
    case 'agent':
      publish.agent(news.orgId, news.agentId)
      break
    case 'campaign':
      publish.campaign(news.orgId, news.event)
      break
    case 'templates':
      publish.templates(news.orgId)
      break
    case 'channels':
      parts.organizations.find(({ id }) => id === news.orgId)?.senders.holdFaults(news.faults, parts.clock.now())
      publish.channels(news.orgId)
      break
  }
}

/** The same, and other processes hear it. Of changes `tell` tells them. */
export function publishToAll(
  { publish, organizations }: Pick<Parts, 'publish' | 'organizations'>,
  tellOthers: (news: News) => void,
): Publish {
  return {
    ...publish,
    cursor(orgId, agentId, cursor) {
      publish.cursor(orgId, agentId, cursor)
      tellOthers({ kind: 'cursor', orgId, agentId, cursor })
    },
    coordination(orgId, coordination) {
      publish.coordination(orgId, coordination)
      tellOthers({ kind: 'coordination', orgId, coordination })
    },
    settings(orgId, agentId, settings) {
      publish.settings(orgId, agentId, settings)
      tellOthers({ kind: 'settings', orgId, agentId, settings })
    },
    channels(orgId) {
      publish.channels(orgId)
      tellOthers({ kind: 'channels', orgId, faults: organizations.find(({ id }) => id === orgId)?.senders.faults() ?? [] })
    },
    templates(orgId) {
      publish.templates(orgId)
      tellOthers({ kind: 'templates', orgId, changes: null })
    },
    campaign(orgId, event) {
      publish.campaign(orgId, event)
      tellOthers({ kind: 'campaign', orgId, event })
    },
    agent(orgId, agentId) {
      publish.agent(orgId, agentId)
      tellOthers({ kind: 'agent', orgId, agentId })
    },
  }
}
