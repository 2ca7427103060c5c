// Things that the browser keeps: whose it is, and what holds where it keeps nothing, keeps too little, or another tab writes.
import { expect, test } from 'vitest'
import { openStored } from '../../widget/client/stored.ts'
import { createStorage, createTestPage } from './support.ts'

const ORIGIN = 'https://chat.example'

function open(storage = createStorage(), scope: string | null = 'default:ana') {
  const page = createTestPage(storage)
  const stored = openStored(page, ORIGIN)
  if (scope !== null) stored.bind(scope)
  return { stored, storage, page }
}
const keysOf = (storage: Storage) => Array.from({ length: storage.length }, (_, index) => storage.key(index)).toSorted()

test('nothing touches the browser until it is known whose it is; then all that was written does', () => {
  const { stored, storage } = open(createStorage(), null)
  stored.write('draft:c1', 'Hola')
  expect([stored.read('draft:c1'), stored.read('draft:c2'), storage.length]).toEqual(['Hola', null, 0])
  stored.bind('default:ana')
  expect(storage.getItem(`hilo:${ORIGIN}:default:ana:draft:c1`)).toBe('Hola')
  stored.bind('default:beto')
  stored.write('draft:c2', 'Buenas')
  expect(keysOf(storage)).toEqual([`hilo:${ORIGIN}:default:ana:draft:c1`, `hilo:${ORIGIN}:default:ana:draft:c2`])
})

test('what other agents left of this server ends; one’s own, the host’s and other servers’ stay', () => {
  const storage = createStorage()
  const kept = [`hilo:${ORIGIN}:default:ana:draft:c1`, 'hilo:https://other.example:default:beto:draft:c1', 'host']
  for (const key of [...kept, `hilo:${ORIGIN}:default:beto:draft:c1`, `hilo:${ORIGIN}:other:ana:draft:c1`]) storage.setItem(key, 'x')
  open(storage)
  expect(keysOf(storage)).toEqual(kept.toSorted())
})

test('where the browser is full it lives as long as the page, and is the browser’s again when there is room', () => {
  const { stored, storage } = open()
  stored.write('draft:c1', 'first')
  const { setItem } = storage
  storage.setItem = () => {
    throw new DOMException('full', 'QuotaExceededError')
  }
  stored.write('draft:c1', 'second')
  stored.write('draft:c2', 'other')
  expect([stored.read('draft:c1'), stored.read('draft:c2'), stored.keys('draft:').toSorted()]).toEqual([
    'second',
    'other',
    ['draft:c1', 'draft:c2'],
  ])
  storage.setItem = setItem
  stored.write('draft:c1', 'third')
  storage.setItem(`hilo:${ORIGIN}:default:ana:draft:c1`, 'of another tab')
  expect(stored.read('draft:c1')).toBe('of another tab')
  stored.write('draft:c2', null)
  expect(stored.read('draft:c2')).toBeNull()
})

test('where the browser forbids it, it lives as long as the page', () => {
  const stored = openStored({ ...createTestPage(), storage: null }, ORIGIN)
  stored.bind('default:ana')
  stored.write('draft:c1', 'Hola')
  expect([stored.read('draft:c1'), stored.keys('draft:')]).toEqual(['Hola', ['draft:c1']])
  stored.clear()
  expect(stored.read('draft:c1')).toBeNull()
})

test('names its own keys of one kind, and nobody else’s', () => {
  const { stored, storage } = open()
  for (const key of ['unsent:a', 'draft:c1', 'unsent:b']) stored.write(key, 'x')
  for (const key of ['unsent:host', `hilo:${ORIGIN}:default:eva:unsent:c`]) storage.setItem(key, 'x')
  expect(stored.keys('unsent:')).toEqual(['unsent:a', 'unsent:b'])
})

test('hears what another tab writes to a key and to a kind, and of nothing else, until it ends', async () => {
  const { stored, storage } = open()
  const begin = `hilo:${ORIGIN}:default:ana:`
  const heard: string[] = []
  const ends = [
    stored.watch('draft:c1', (text) => heard.push(`draft ${text}`)),
    stored.watchAll('unsent:', (rest, text) => heard.push(`${rest} ${text}`)),
  ]
  storage.setItem(`${begin}draft:c1`, 'uno')
  storage.setItem(`${begin}draft:c2`, 'otro')
  storage.setItem(`${begin}unsent:a`, '{}')
  storage.removeItem(`${begin}unsent:a`)
  storage.removeItem(`${begin}draft:c2`)
  storage.removeItem(`${begin}draft:c1`)
  await Promise.resolve()
  expect(heard).toEqual(['draft uno', 'a {}', 'a null', 'draft '])
  for (const end of ends) end()
  storage.setItem(`${begin}draft:c1`, 'dos')
  await Promise.resolve()
  expect(heard).toHaveLength(4)
})

test('what another tab wrote is newer than what this one could not keep', async () => {
  const { stored, storage } = open()
  const { setItem } = storage
  storage.setItem = () => {
    throw new DOMException('full', 'QuotaExceededError')
  }
  stored.write('draft:c1', 'mine')
  storage.setItem = setItem
  stored.watch('draft:c1', () => {})
  storage.setItem(`hilo:${ORIGIN}:default:ana:draft:c1`, 'theirs')
  await Promise.resolve()
  expect(stored.read('draft:c1')).toBe('theirs')
})

test('cleared, it holds nothing of this server, hears nothing, and keeps nothing that still comes', async () => {
  const { stored, storage } = open()
  storage.setItem('host', 'x')
  storage.setItem(`hilo:${ORIGIN}:default:beto:draft:c1`, 'x')
  stored.write('draft:c1', 'Hola')
  const heard: string[] = []
  stored.watch('draft:c1', (text) => heard.push(text))
  stored.watchAll('draft:', (rest) => heard.push(rest))
  await Promise.resolve()
  heard.length = 0
  stored.clear()
  await Promise.resolve()
  expect([keysOf(storage), stored.read('draft:c1'), heard]).toEqual([['host'], null, []])
  stored.write('draft:c1', 'late')
  stored.bind('default:ana')
  stored.write('draft:c2', 'later')
  expect(keysOf(storage)).toEqual(['host'])
})
