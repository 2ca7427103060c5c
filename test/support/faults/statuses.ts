// Faults in merging statuses, in `rev`, and in telling what changed.
import type { Message } from '../../../shared/model.ts'
import { statusRank } from '../../../shared/status.ts'
import type { Fault } from '../faulty-store.ts'
import { rewriting } from './rewrite.ts'

export const statusFaults: readonly Fault[] = [
  {
    name: 'stale status: the last callback wins',
    likely: 'statuses: sent, delivered, read and failed in every order end the same, with all times kept',
    wrap(store) {
      const last = new Map<string, Message['status']>()
      return {
        ...rewriting(store, { message: (message) => ({ ...message, status: last.get(message.id) ?? message.status }) }),
        async applyStatus(report) {
          const applied = await store.applyStatus(report)
          if (applied.outcome === 'held') return applied
          last.set(applied.message.id, report.status)
          return { ...applied, message: { ...applied.message, status: report.status } }
        },
      }
    },
  },
  {
    name: 'the time of a late, lower status is dropped',
    likely: 'statuses: sent, delivered, read and failed in every order end the same, with all times kept',
    wrap(store) {
      const known = new Map<string, { message: Message }>()
      return {
        ...store,
        async applyStatus(report) {
          const key = `${report.orgId}|${report.twilioSid}`
          const before = known.get(key)
          if (before && statusRank(report.status) <= statusRank(before.message.status)) return { outcome: 'unchanged', ...before }
          const applied = await store.applyStatus(report)
          if (applied.outcome !== 'held') known.set(key, { message: applied.message })
          return applied
        },
      }
    },
  },
  {
    name: 'a failure after a receipt leaves its time',
    likely: 'statuses: a failure after a receipt changes neither failedAt nor rev, and is told to nobody',
    wrap(store) {
      const failedAt = new Map<string, string>()
      const marked = rewriting(store, { message: (one) => ({ ...one, failedAt: one.failedAt ?? failedAt.get(one.id) ?? null }) })
      return {
        ...marked,
        async applyStatus(report) {
          const applied = await marked.applyStatus(report)
          if (applied.outcome === 'unchanged' && report.status === 'failed')
            failedAt.set(applied.message.id, new Date(report.at).toISOString())
          return applied
        },
      }
    },
  },
  {
    name: 'a held callback is forgotten',
    likely: 'statuses: callbacks before the answer to the send are held and merged in, in every order',
    wrap: (store) => ({
      ...store,
      async applyStatus(report) {
        const known = await store.knownSids(report.orgId, [report.twilioSid])
        return known.size === 0 && report.messageId === null ? { outcome: 'held' } : await store.applyStatus(report)
      },
    }),
  },
  {
    name: 'a callback finds a message of another organization',
    likely: 'statuses: a callback names no message of another organization',
    wrap(store) {
      const orgs = new Map<string, string>()
      return {
        ...store,
        enter(draft, checks) {
          orgs.set(draft.id, draft.orgId)
          return store.enter(draft, checks)
        },
        applyStatus: (report) => store.applyStatus({ ...report, orgId: orgs.get(report.messageId ?? '') ?? report.orgId }),
      }
    },
  },
  {
    name: 'rev of a message does not rise',
    likely: 'statuses: the preview follows the last message, and what changed is told',
    wrap(store) {
      const first = new Map<string, number>()
      return rewriting(store, {
        message(message) {
          if (!first.has(message.id)) first.set(message.id, message.rev)
          return { ...message, rev: first.get(message.id) ?? 1 }
        },
      })
    },
  },
  {
    name: 'rev of a conversation does not rise',
    likely: 'inbound: the next messages are appended, and rev rises by one with each',
    wrap: (store) => rewriting(store, { conversation: (one) => ({ ...one, rev: 1 }) }),
  },
  {
    name: 'a status changes the preview and tells nobody',
    likely: 'statuses: the preview follows the last message, and what changed is told',
    wrap: (store) => ({
      ...store,
      async applyStatus(report) {
        const applied = await store.applyStatus(report)
        return applied.outcome === 'applied' ? { ...applied, changes: { ...applied.changes, conversations: [] } } : applied
      },
    }),
  },
]
