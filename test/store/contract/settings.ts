// What people set up: by kind and name, changed by a rule that sees it as it is.
import { expect } from 'vitest'
import type { SettingRule } from '../../../server/store/records.ts'
import { cases } from '../case.ts'
import type { World } from '../world.ts'

const save = (w: World, name: string, value: Record<string, unknown>) =>
  w.store.changeSetting(w.orgId, 'webhook', name, () => value, w.now())

export const settingCases = cases('settings', {
  async 'what is saved is found by kind and name, in its organization alone, in the order of names'(w) {
    const now = w.now()
    expect(await w.store.setting(w.orgId, 'webhook', 'b')).toBeNull()
    const first = await w.store.changeSetting(w.orgId, 'webhook', 'b', () => ({ url: 'ñ', n: [1, null] }), now)
    const kept = { kind: 'webhook', name: 'b', value: { url: 'ñ', n: [1, null] }, rev: 1, createdAt: now, updatedAt: now }
    expect(first).toEqual({ before: null, after: kept, changed: true })
    for (const name of ['a', 'Z', 'é']) await save(w, name, {})
    await w.store.changeSetting(w.orgId, 'automation', 'b', () => ({ on: true }), w.now())
    expect(await w.store.setting(w.orgId, 'webhook', 'b')).toEqual(kept)
    expect((await w.store.settings(w.orgId, 'webhook')).map((one) => one.name)).toEqual(['Z', 'a', 'b', 'é'])
    const { store, orgId } = w.neighbour()
    expect(await store.setting(orgId, 'webhook', 'b')).toBeNull()
    expect(await store.settings(orgId, 'automation')).toEqual([])
    await store.changeSetting(orgId, 'webhook', 'b', () => 'delete', w.now())
    expect(await w.store.setting(w.orgId, 'webhook', 'b')).toEqual(kept)
  },

  async 'the rule sees it as it is; its null, the same value and a deletion of nothing change nothing'(w) {
    const { after: kept } = await save(w, 'a', { url: 'x', secret: undefined })
    expect(kept?.value).toEqual({ url: 'x' })
    const seen: unknown[] = []
    const look: SettingRule = (before) => {
      seen.push(before)
      return null
    }
    const none = await w.store.changeSetting(w.orgId, 'webhook', 'a', look, w.now())
    expect(seen).toEqual([kept])
    for (const one of [none, await save(w, 'a', { url: 'x' })]) expect(one).toEqual({ before: kept, after: kept, changed: false })
    const nothing = await w.store.changeSetting(w.orgId, 'webhook', 'b', () => 'delete', w.now())
    expect(nothing).toEqual({ before: null, after: null, changed: false })
    const at = w.now() + 1000
    const later = await w.store.changeSetting(w.orgId, 'webhook', 'a', () => ({ url: 'y' }), at)
    expect(later).toEqual({ before: kept, after: { ...kept, value: { url: 'y' }, rev: 2, updatedAt: at }, changed: true })
    expect(await w.store.changeSetting(w.orgId, 'webhook', 'a', () => 'delete', w.now())).toEqual({
      before: later.after,
      after: null,
      changed: true,
    })
    expect(await w.store.settings(w.orgId, 'webhook')).toEqual([])
  },

  async 'changes that come together lose nothing'(w) {
    const raise: SettingRule = (before) => ({ n: Number(before?.value.n ?? 0) + 1 })
    await Promise.all(Array.from({ length: 12 }, () => w.store.changeSetting(w.orgId, 'organization', 'own', raise, w.now())))
    expect(await w.store.setting(w.orgId, 'organization', 'own')).toMatchObject({ value: { n: 12 }, rev: 12 })
    const gone = await Promise.all(
      Array.from({ length: 8 }, () => w.store.changeSetting(w.orgId, 'organization', 'own', () => 'delete', w.now())),
    )
    expect(gone.filter((one) => one.changed)).toHaveLength(1)
  },
})
