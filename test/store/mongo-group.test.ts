// Calls that arrive together run together: each is answered its own, one name is never in two groups at once, and what
// comes meanwhile is the next group.
import { expect, test } from 'vitest'
import { createGroup } from '../../server/store/mongo/group.ts'

function recorded(options: { apart: boolean; atOnce: 1 | 2; waitMs?: number }) {
  const groups: { calls: readonly string[]; end: (error?: Error) => void }[] = []
  const call = createGroup<string, string>({
    ...options,
    nameOf: (one) => one.charAt(0),
    run: (calls) =>
      new Promise((resolve, reject) => {
        groups.push({ calls, end: (error) => (error ? reject(error) : resolve(calls.map((one) => one.toUpperCase()))) })
      }),
  })
  return { groups, call }
}
const turn = () => new Promise((resolve) => setImmediate(() => setImmediate(resolve)))

test('what arrives in one turn is one group, and each call gets its own answer', async () => {
  const { groups, call } = recorded({ apart: false, atOnce: 2 })
  const answers = Promise.all(['a1', 'b1', 'a2', 'c1'].map(call))
  await turn()
  expect(groups.map((one) => one.calls)).toEqual([['a1', 'b1', 'a2', 'c1']])
  groups[0]?.end()
  expect(await answers).toEqual(['A1', 'B1', 'A2', 'C1'])
})

test('a name that is under way waits for its end, others do not', async () => {
  const { groups, call } = recorded({ apart: false, atOnce: 2 })
  const first = call('a1')
  await turn()
  const second = Promise.all(['a2', 'b1', 'a3'].map(call))
  await turn()
  expect(groups.map((one) => one.calls)).toEqual([['a1'], ['b1']])
  groups[0]?.end()
  await first
  await turn()
  expect(groups.map((one) => one.calls)).toEqual([['a1'], ['b1'], ['a2', 'a3']])
  for (const one of groups) one.end()
  expect(await second).toEqual(['A2', 'B1', 'A3'])
})

test('no more groups at one time than there is room for; what comes meanwhile is the next', async () => {
  const { groups, call } = recorded({ apart: false, atOnce: 1 })
  const all = [call('a1')]
  await turn()
  for (const one of ['b1', 'c1', 'd1']) {
    all.push(call(one))
    await turn()
  }
  expect(groups).toHaveLength(1)
  groups[0]?.end()
  await all[0]
  await turn()
  expect(groups.map((one) => one.calls)).toEqual([['a1'], ['b1', 'c1', 'd1']])
  groups[1]?.end()
  await Promise.all(all)
})

test('kept apart, one name is once in a group', async () => {
  const { groups, call } = recorded({ apart: true, atOnce: 2 })
  const answers = Promise.all(['a1', 'a2', 'b1'].map(call))
  await turn()
  expect(groups.map((one) => one.calls)).toEqual([['a1', 'b1']])
  groups[0]?.end()
  await turn()
  expect(groups.map((one) => one.calls)).toEqual([['a1', 'b1'], ['a2']])
  groups[1]?.end()
  expect(await answers).toEqual(['A1', 'A2', 'B1'])
})

test('a group that fails fails all of its calls, and the next goes on', async () => {
  const { groups, call } = recorded({ apart: false, atOnce: 1 })
  const failed = Promise.allSettled(['a1', 'b1'].map(call))
  await turn()
  const next = call('a2')
  groups[0]?.end(new Error('away'))
  expect((await failed).map((one) => one.status)).toEqual(['rejected', 'rejected'])
  await turn()
  groups[1]?.end()
  expect(await next).toBe('A2')
})

test('a call that waits too long for its group is refused, and is in none', async () => {
  const { groups, call } = recorded({ apart: false, atOnce: 1, waitMs: 30 })
  const first = call('a1')
  await turn()
  await expect(call('b1')).rejects.toMatchObject({ code: 'unavailable' })
  groups[0]?.end()
  await first
  await turn()
  expect(groups).toHaveLength(1)
})
