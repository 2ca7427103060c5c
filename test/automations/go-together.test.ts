// What records of one batch write goes to the store together, each record in a turn of its own, those of one client one after the other.
import { expect, test } from 'vitest'
import { createTogether, readOnce } from '../../server/automations/go-together.ts'
import type { Store } from '../../server/store/store.ts'

/** A store that notes which of its writes come in one turn. */
function notedStore() {
  const turns: string[][] = []
  let open = false
  const enter = async (id: string) => {
    if (!open) {
      turns.push([])
      open = true
      setImmediate(() => {
        open = false
      })
    }
    turns.at(-1)?.push(id)
    await new Promise((done) => setImmediate(done))
  }
  return { turns, store: { enter, changePlan: enter } as unknown as Store }
}
const write = (store: Store, id: string) => (store.enter as unknown as (id: string) => Promise<void>)(id)

test('writes of all that are under way come in one turn, also where one of them ends early or fails', async () => {
  const { turns, store } = notedStore()
  const together = createTogether(store)
  const each = together.each(['a', 'b', 'c', 'd'], { atOnce: 4, clientOf: (one) => one }, async (one) => {
    if (one === 'c') return
    await write(together.store, `${one}1`)
    if (one === 'd') throw new Error('d fails')
    await write(together.store, `${one}2`)
  })
  await expect(each).rejects.toThrow('d fails')
  expect(turns.map((turn) => turn.toSorted())).toEqual([
    ['a1', 'b1', 'd1'],
    ['a2', 'b2'],
  ])
})

test('of one client one after the other, no more at a time than asked, all of them', async () => {
  const { store } = notedStore()
  const together = createTogether(store)
  const clients = ['a', 'b', 'c', 'a', 'b', 'a']
  const underWay: string[] = []
  const done: string[] = []
  let most = 0
  await together.each(clients, { atOnce: 2, clientOf: (one) => one }, async (one) => {
    expect(underWay).not.toContain(one)
    underWay.push(one)
    most = Math.max(most, underWay.length)
    await write(together.store, one)
    underWay.splice(underWay.indexOf(one), 1)
    done.push(one)
  })
  expect([done.toSorted(), most]).toEqual([clients.toSorted(), 2])
})

test('outside of a batch a write waits for nobody', async () => {
  const { turns, store } = notedStore()
  await write(createTogether(store).store, 'alone')
  expect(turns).toEqual([['alone']])
})

test('what all of a batch ask alike is read once, of each organization and name', async () => {
  const asked: string[] = []
  const read = async (...given: string[]) => void asked.push(given.join(' '))
  const once = readOnce({ settings: read, templatesNamed: read } as unknown as Store)
  for (let n = 0; n < 3; n++) {
    await once.settings('one', 'automation')
    await once.settings('two', 'automation')
    await once.templatesNamed('one', 'cita')
    await once.templatesNamed('one', 'otra')
  }
  expect(asked).toEqual(['one automation', 'two automation', 'one cita', 'one otra'])
})
