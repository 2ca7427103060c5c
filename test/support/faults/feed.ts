// Faults in the change feed of the whole organization.
import type { Store } from '../../../server/store/store.ts'
import type { Feed } from '../../../server/store/records.ts'
import type { Fault } from '../faulty-store.ts'

const everything = 'feed: whatever changed is told: rows, messages, older messages, what is planned, who read, records, what agents chose'

const rewritingFeed = (change: (feed: Feed) => Feed) => (store: Store) => ({
  ...store,
  changesSince: async (...args: Parameters<Store['changesSince']>) => change(await store.changesSince(...args)),
})

export const feedFaults: readonly Fault[] = [
  {
    name: 'the feed forgets a message whose conversation did not change',
    likely: everything,
    wrap: rewritingFeed((feed) => ({
      ...feed,
      messages: feed.messages.filter(({ message }) => feed.conversations.some(({ id }) => id === message.conversationId)),
    })),
  },
  {
    name: 'the feed forgets what is planned',
    likely: everything,
    wrap: rewritingFeed((feed) => ({ ...feed, messages: feed.messages.filter(({ message }) => message.seq !== null) })),
  },
  {
    name: 'the feed forgets who read',
    likely: everything,
    wrap: rewritingFeed((feed) => ({ ...feed, reads: [] })),
  },
  {
    name: 'the feed skips what was written while it was read',
    likely: 'feed: whoever reads while eight write holds in the end what the store holds',
    wrap: (store) => ({
      ...store,
      async changesSince(orgId, since, isNews) {
        const feed = await store.changesSince(orgId, since, isNews)
        await new Promise(setImmediate)
        return { ...feed, cursor: (await store.changesSince(orgId, null, isNews)).cursor }
      },
    }),
  },
  {
    name: 'the feed begins anew with each reading',
    likely: everything,
    wrap: (store) => ({ ...store, changesSince: (orgId, _since, isNews) => store.changesSince(orgId, null, isNews) }),
  },
  {
    name: 'the feed tells what is known again and again',
    likely: 'feed: what is known is not told again, until it changes',
    wrap: (store) => ({ ...store, changesSince: (orgId, since, _isNews) => store.changesSince(orgId, since, () => true) }),
  },
  {
    name: 'the feed does not tell what is no more',
    likely: 'feed: what went to another record, and what is no more, is told with where it came from',
    wrap: rewritingFeed((feed) => ({ ...feed, left: feed.left.filter(({ to }) => to !== undefined) })),
  },
  {
    name: 'scope leak: the feed tells of every organization',
    likely: 'feed: nothing of another organization is told',
    wrap(store) {
      const organizations = new Set<string>()
      return {
        ...store,
        receive(inbound, route) {
          organizations.add(inbound.orgId)
          return store.receive(inbound, route)
        },
        async changesSince(orgId, since, isNews) {
          const feed = await store.changesSince(orgId, since, isNews)
          for (const other of organizations)
            if (other !== orgId && since !== null) feed.messages.push(...(await store.changesSince(other, since, isNews)).messages)
          return feed
        },
      }
    },
  },
]
