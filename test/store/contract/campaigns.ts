// Campaigns are kept once and changed by rules; each of their recipients is listed once, settled once, and read with its message.
import { expect } from 'vitest'
import { begin, cancel, pause, start } from '../../../server/rules/campaign.ts'
import { failAttempt } from '../../../server/rules/message.ts'
import type { RecipientDraft, RecipientGroup, RecipientState } from '../../../server/rules/recipient.ts'
import { carrierFailure, person } from '../../support/builders.ts'
import { campaignDraft, recipientDraft } from '../../support/campaigns.ts'
import { cases } from '../case.ts'
import type { World } from '../world.ts'

const number = (n: number) => `+54911${String(44500000 + n)}`

async function listed(w: World, drafts: RecipientDraft[]) {
  const draft = campaignDraft()
  await w.store.addCampaign(w.orgId, draft)
  expect(await w.store.listRecipients(w.orgId, draft.id, drafts)).toBe(drafts.length)
  return draft
}

async function all(w: World, id: string, state: RecipientState | null = null, limit = 2) {
  const items = []
  for (let cursor: string | null = null; ; ) {
    const page = await w.store.recipients(w.orgId, id, state, { cursor, limit })
    items.push(...page.items)
    if (page.nextCursor === null) return items
    cursor = page.nextCursor
  }
}

export const campaignCases = cases('campaigns', {
  async 'one of a key is kept, the first, also where several make it at once'(w) {
    const drafts = Array.from({ length: 6 }, () => campaignDraft({ key: 'bulk|boss|one' }))
    const made = await Promise.all(drafts.map((draft) => w.store.addCampaign(w.orgId, draft)))
    expect(made.filter(({ created }) => created)).toHaveLength(1)
    const first = made.find(({ created }) => created)?.campaign
    for (const { campaign } of made) expect(campaign).toEqual(first)
    expect(await w.store.campaign(w.orgId, first?.id ?? '')).toEqual(first)
    const neighbour = w.neighbour()
    expect(await neighbour.store.campaign(neighbour.orgId, first?.id ?? '')).toBeNull()
    expect(await neighbour.store.changeCampaign(neighbour.orgId, first?.id ?? '', () => ({ name: 'x' }), w.now())).toBeNull()
    expect((await neighbour.store.addCampaign(neighbour.orgId, campaignDraft({ key: 'bulk|boss|one' }))).created).toBe(true)
  },

  async 'of those who start it at once one does'(w) {
    const draft = campaignDraft()
    await w.store.addCampaign(w.orgId, draft)
    const now = w.now()
    const started = await Promise.all(Array.from({ length: 6 }, () => w.store.changeCampaign(w.orgId, draft.id, start([], now), now)))
    expect(started.filter((one) => one?.changed)).toHaveLength(1)
    for (const one of started) expect(one?.campaign).toMatchObject({ status: 'running', startedAt: now, lookAt: now, rev: 2 })
    expect(await w.store.changeCampaign(w.orgId, 'never-was', start([], now), now)).toBeNull()
  },

  async 'they are listed in pages, the newest first'(w) {
    const now = w.now()
    const made = [0, 0, 1, 2, 3].map((later) => campaignDraft({ createdAt: now + later }))
    for (const one of made) await w.store.addCampaign(w.orgId, one)
    const ids: string[] = []
    let cursor: string | null = null
    do {
      const page = await w.store.campaigns(w.orgId, { cursor, limit: 2 })
      ids.push(...page.items.map(({ id }) => id))
      cursor = page.nextCursor
    } while (cursor !== null)
    expect(ids.slice(0, 3)).toEqual(
      made
        .slice(2)
        .map(({ id }) => id)
        .toReversed(),
    )
    expect(ids.toSorted()).toEqual(made.map(({ id }) => id).toSorted())
    await expect(w.store.campaigns(w.orgId, { cursor: 'x', limit: 2 })).rejects.toMatchObject({ code: 'validation_failed' })
  },

  async 'a recipient is listed once for a key, by whomever and however often'(w) {
    const { id } = await listed(w, [recipientDraft(number(1)), recipientDraft(number(2))])
    const again = () => [recipientDraft(number(2)), recipientDraft(number(3)), recipientDraft(number(3)), recipientDraft(number(4))]
    const counts = await Promise.all(Array.from({ length: 4 }, () => w.store.listRecipients(w.orgId, id, again())))
    expect(counts.reduce((sum, one) => sum + one, 0)).toBe(2)
    expect(await w.store.listRecipients(w.orgId, id, [])).toBe(0)
    expect((await all(w, id)).map(({ recipient }) => recipient.key).toSorted()).toEqual([1, 2, 3, 4].map(number))
    const other = campaignDraft()
    await w.store.addCampaign(w.orgId, other)
    expect(await w.store.listRecipients(w.orgId, other.id, [recipientDraft(number(1))])).toBe(1)
    const neighbour = w.neighbour()
    expect((await neighbour.store.recipients(neighbour.orgId, id, null, { cursor: null, limit: 9 })).items).toEqual([])
  },

  async 'those that are due come by their time, and who is settled comes no more'(w) {
    const now = w.now()
    const [a, b, c, d] = [3000, 1000, 2000, 90_000].map((ms, n) => recipientDraft(number(n), { dueAt: now - 5000 + ms }))
    const refused = recipientDraft('not a number', { skipped: { reason: 'invalid_phone', detail: 'The number is not valid.' } })
    if (!a || !b || !c || !d) throw new Error('none')
    const { id } = await listed(w, [a, b, c, d, refused])
    const due = async (limit = 9) => (await w.store.dueRecipients(w.orgId, id, now, limit)).map((one) => one.id)
    expect(await due()).toEqual([b.id, c.id, a.id])
    expect(await due(1)).toEqual([b.id])
    expect(await w.store.nextRecipientAt(w.orgId, id)).toBe(b.dueAt)
    await w.store.settleRecipients(w.orgId, id, [
      { id: a.id, state: 'entered', messageId: 'm-1' },
      { id: b.id, state: 'skipped', reason: 'opted_out', detail: 'No more.' },
      { id: c.id, state: 'pending', dueAt: now + 7000 },
      { id: 'never-was', state: 'entered', messageId: 'm-2' },
    ])
    expect(await due()).toEqual([])
    expect(await w.store.nextRecipientAt(w.orgId, id)).toBe(now + 7000)
    // Settled once.
    await w.store.settleRecipients(w.orgId, id, [{ id: a.id, state: 'skipped', reason: 'window', detail: '' }])
    await w.store.settleRecipients(w.orgId, id, [{ id: b.id, state: 'entered', messageId: 'm-3' }])
    const { store, orgId } = w.neighbour()
    await store.settleRecipients(orgId, id, [{ id: d.id, state: 'entered', messageId: 'm-4' }])
    const seen = new Map((await all(w, id)).map((one) => [one.recipient.id, one.recipient]))
    expect(seen.get(a.id)).toMatchObject({ state: 'entered', messageId: 'm-1', dueAt: null, reason: null })
    expect(seen.get(b.id)).toMatchObject({ state: 'skipped', reason: 'opted_out', detail: 'No more.', dueAt: null })
    expect(seen.get(c.id)).toMatchObject({ state: 'pending', dueAt: now + 7000 })
    expect(seen.get(d.id)).toMatchObject({ state: 'pending', dueAt: d.dueAt })
    expect(seen.get(refused.id)).toMatchObject({ state: 'skipped', reason: 'invalid_phone', dueAt: null })
    const count = (state: RecipientState, most = 9) => w.store.countRecipients(w.orgId, id, state, most)
    expect([await count('pending'), await count('entered'), await count('skipped'), await count('skipped', 1)]).toEqual([2, 1, 2, 1])
    expect((await all(w, id, 'skipped', 1)).map(({ recipient }) => recipient.id).toSorted()).toEqual([b.id, refused.id].toSorted())
    await expect(w.store.recipients(w.orgId, id, null, { cursor: 'x', limit: 2 })).rejects.toMatchObject({ code: 'validation_failed' })
  },

  async 'each is read with what its message is, and whether the client wrote since'(w) {
    const sent = await w.open({ client: person(1) })
    const answered = await w.open({ client: person(2) })
    const [a, b, c] = [recipientDraft(number(1)), recipientDraft(number(2)), recipientDraft(number(3))]
    const { id } = await listed(w, [a, b, c])
    await w.receive({ from: person(1) })
    const author = { type: 'campaign', id, name: 'Noviembre' } as const
    const first = await w.enter(sent, { author, lane: 2 })
    const second = await w.enter(answered, { author, lane: 2 })
    await w.store.settleRecipients(w.orgId, id, [
      { id: a.id, state: 'entered', messageId: first.message.id },
      { id: b.id, state: 'entered', messageId: second.message.id },
    ])
    await w.send(answered)
    await w.receive({ from: person(2) })
    // What is still pending in its conversation is copied as somebody reads it.
    await w.thread(sent.id)
    await w.thread(answered.id)
    const seen = new Map((await all(w, id)).map((one) => [one.recipient.id, one]))
    expect(seen.get(a.id)).toMatchObject({ status: 'queued', answered: false })
    expect(seen.get(b.id)).toMatchObject({ status: 'sending', answered: true })
    expect(seen.get(c.id)).toMatchObject({ status: null, error: null, answered: false })
    const claim = await w.claimed(sent)
    await w.change(claim.message, failAttempt(claim, carrierFailure, w.now()))
    expect((await all(w, id)).find(({ recipient }) => recipient.id === a.id)).toMatchObject({ status: 'failed', error: carrierFailure })
  },

  async 'they are counted by what they are, page by page, as each is read'(w) {
    const drafts = [1, 2, 3, 4, 5].map((n) => recipientDraft(number(n), { arm: n === 5 ? 1 : 0 }))
    const refused = recipientDraft('no number', { skipped: { reason: 'invalid_phone', detail: 'Not valid.' } })
    const { id } = await listed(w, [...drafts, refused])
    const author = { type: 'campaign', id, name: 'Noviembre' } as const
    for (const n of [1, 2, 3]) {
      const thread = await w.open({ client: person(n) })
      const { message } = await w.enter(thread, { author, lane: 2 })
      await w.store.settleRecipients(w.orgId, id, [{ id: drafts[n - 1]?.id ?? '', state: 'entered', messageId: message.id }])
      if (n < 3) await w.receive({ from: person(n) })
      await w.thread(thread.id)
    }
    const counted = async (limit: number) => {
      const groups: RecipientGroup[] = []
      let cursor: string | null = null
      do {
        const page = await w.store.groupRecipients(w.orgId, id, { cursor, limit })
        groups.push(...page.items)
        cursor = page.nextCursor
      } while (cursor !== null)
      const sums: Record<string, number> = {}
      for (const { arm, state, status, answered, count } of groups) {
        const name = [arm, state, status, answered].join(' ')
        sums[name] = (sums[name] ?? 0) + count
      }
      return sums
    }
    const sums = {
      '0 entered queued true': 2,
      '0 entered queued false': 1,
      '0 pending  false': 1,
      '1 pending  false': 1,
      '0 skipped  false': 1,
    }
    for (const limit of [1, 2, 6, 50]) expect(await counted(limit), `${limit} a page`).toEqual(sums)
    const { store, orgId } = w.neighbour()
    expect(await store.groupRecipients(orgId, id, { cursor: null, limit: 9 })).toEqual({ items: [], nextCursor: null })
    await expect(w.store.groupRecipients(w.orgId, id, { cursor: 'x', limit: 2 })).rejects.toMatchObject({ code: 'validation_failed' })
  },
})

export const dueCampaignCases = cases(
  'due campaigns',
  {
    async 'those come whose time has come, and no others'(w) {
      const now = w.now()
      const draft = campaignDraft()
      const [late, early] = [campaignDraft({ lookAt: now, status: 'running' }), campaignDraft({ lookAt: now - 1000, status: 'scheduled' })]
      for (const one of [draft, late, early]) await w.store.addCampaign(w.orgId, one)
      const due = async (at: number, limit = 9) => (await w.store.dueCampaigns(at, limit)).map(({ campaign }) => campaign.id)
      expect(await due(now)).toEqual([early.id, late.id])
      expect(await due(now, 1)).toEqual([early.id])
      expect(await due(now - 1)).toEqual([early.id])
      expect((await w.store.dueCampaigns(now, 9))[0]?.orgId).toBe(w.orgId)
      await w.store.changeCampaign(w.orgId, early.id, begin(now), now)
      await w.store.changeCampaign(w.orgId, late.id, pause('asked', ''), now)
      expect(await due(now)).toEqual([early.id])
      await w.store.changeCampaign(w.orgId, early.id, cancel(now), now)
      expect(await due(now)).toEqual([])
    },
  },
  { alone: true },
)
