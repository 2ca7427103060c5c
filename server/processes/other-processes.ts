// All that makes several processes on one store one server: put together here, so that the rest knows `others` alone. On a
// store that no two processes can share nothing of it runs.
import type { Logger } from 'pino'
import type { Clock } from '../clock.ts'
import type { Dispatch, Others, Parts, Publish } from '../parts.ts'
import type { Store } from '../store/store.ts'
import type { Bell } from './bell.ts'
import { createCollectSpent, type Spent } from './collect-spent.ts'
import { createElsewhere, type Elsewhere, type PresenceChanged, type PresenceThere } from './elsewhere.ts'
import { createExchange, type Exchange, type Ignored } from './exchange.ts'
import { createKnown } from './known.ts'
import { hearNews, noteNews, publishToAll } from './news.ts'
import { noticeDoubt } from './notice-doubt.ts'
import { createFeedReader, type FeedReader } from './read-feed.ts'

/** This process's sockets. */
export interface OwnSockets {
  presence(): PresenceThere
  elsewhereChanged: PresenceChanged
  endAll(orgId: string): void
}

export interface OtherProcesses {
  /** The same store; what fails at it may have been done all the same, and is looked for. */
  store: Store
  others: Others
  /** To this process's sockets, and to those of others. */
  publish: Publish
  /** A token took something of its rate here. */
  spent(spent: Omit<Spent, 'count'>): void
  elsewhere: Pick<Elsewhere, 'viewers' | 'connected'>
  start(): Promise<void>
  areThere(): boolean
  /** Null: there is no bell. */
  bellIsUp(): boolean | null
  ignored(): Readonly<Record<Ignored, number>> | null
  close(): Promise<void>
}

export interface OtherProcessesParts {
  id: string
  store: Store
  clock: Clock
  log: Logger
  organizations: Parts['organizations']
  /** To this process alone. */
  publish: Publish
  dispatch: Dispatch
  sockets: () => OwnSockets | undefined
  /** A token took something of its rate elsewhere. */
  spend(spent: Spent): void
  /** Null: there is none. */
  openBell: ((database: string) => Promise<Bell>) | null
}

export async function createOtherProcesses(parts: OtherProcessesParts): Promise<OtherProcesses> {
  const { id, clock, log, organizations, publish, dispatch, sockets, spend, openBell } = parts
  const elsewhere = createElsewhere({
    viewing: (conversationId) => sockets()?.elsewhereChanged.viewing(conversationId),
    agent: (orgId, agentId) => sockets()?.elsewhereChanged.agent(orgId, agentId),
  })
  const isAlone = (await parts.store.processes()) === null
  if (isAlone)
    return {
      store: parts.store,
      others: { tell() {} },
      publish,
      spent() {},
      elsewhere,
      async start() {},
      areThere: () => false,
      bellIsUp: () => null,
      ignored: () => null,
      async close() {},
    }

  const known = createKnown(clock)
  let feed: FeedReader | null = null
  let exchange: Exchange | null = null
  const store = noticeDoubt(parts.store, () => feed?.doubt())
  feed = createFeedReader({ store, clock, log, organizations, publish, dispatch }, { id, known, lost: (orgId) => sockets()?.endAll(orgId) })
  if (openBell) {
    const database = await store.keepFirst('database', id)
    exchange = createExchange({
      ...{ id, database, clock, log, elsewhere },
      bell: await openBell(database),
      look: feed.look,
      hear(news) {
        noteNews(known, news)
        if (news.kind === 'spent') for (const spent of news.spent) spend(spent)
        else hearNews({ publish, dispatch, organizations, clock }, news)
      },
      presence: () => sockets()?.presence() ?? { viewing: [], agents: [] },
    })
  }
  const others: Others = {
    tell(news) {
      noteNews(known, news)
      exchange?.tell(news)
    },
  }
  return {
    store,
    others,
    publish: publishToAll({ publish, organizations }, others.tell),
    spent: exchange ? createCollectSpent(clock, (spent) => others.tell({ kind: 'spent', spent })) : () => {},
    elsewhere,
    async start() {
      await feed.start()
      await exchange?.start()
    },
    areThere: feed.othersAreThere,
    bellIsUp: () => exchange?.isUp() ?? null,
    ignored: () => exchange?.ignored() ?? null,
    async close() {
      await exchange?.close()
      await feed.close()
    },
  }
}
