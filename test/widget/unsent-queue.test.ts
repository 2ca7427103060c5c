// What keeps and sends an agent's messages, on a page that a test moves.
import { expect, test } from 'vitest'
import type { Sent } from '../../widget/state/unsent-queue.ts'
import { createUnsentQueue } from '../../widget/state/unsent-queue.ts'
import { openStored } from '../../widget/state/stored.ts'
import { until } from '../support/until.ts'
import { createStorage, createTestPage } from './support.ts'

const content = (text: string) => ({ conversationId: 'c1', text, note: false, template: null })

/** A queue over this storage, whose server takes what is sent while it is up. */
function start(storage: ReturnType<typeof createStorage>) {
  const page = createTestPage(storage)
  const stored = openStored(page, 'https://chat.example')
  stored.bind('default:ana')
  const server = { up: true, took: [] as string[] }
  const queue = createUnsentQueue({
    stored,
    page,
    usable: () => server.up,
    async send({ text = '', clientMessageId }) {
      server.took.push(`${clientMessageId} ${text}`)
      return { ok: true, message: {}, conversation: {} } as { ok: true } & Sent
    },
    onSent() {},
  })
  return { queue, page, server, texts: () => server.took.map((one) => one.replace(/^\S+ /, '')) }
}

test('what a reload left from more than ten minutes ago asks first, also when something new goes out before', async () => {
  const storage = createStorage()
  const before = start(storage)
  before.server.up = false
  void before.queue.add(content('viejo'), {})
  before.queue.close()

  const after = start(storage)
  after.page.skip(11 * 60_000)
  after.queue.restore()
  await after.queue.add(content('nuevo'), {})
  expect(after.texts()).toEqual(['nuevo'])
  expect(after.queue.items.value).toMatchObject([{ text: 'viejo', state: 'late' }])
  after.queue.flush()
  await until(() => after.queue.items.value.length === 1)
  expect(after.texts()).toEqual(['nuevo'])

  const [old] = after.queue.items.value
  after.queue.resend(old?.clientMessageId ?? '')
  await until(() => after.queue.items.value.length === 0, { what: 'the old one is sent' })
  expect(after.texts()).toEqual(['nuevo', 'viejo'])
  expect(storage.length).toBe(0)
})

test('what a reload left goes out once, under the id it was given first', async () => {
  const storage = createStorage()
  const before = start(storage)
  before.server.up = false
  void before.queue.add(content('uno'), {})
  void before.queue.add(content('dos'), { replyToId: 'm1' })
  const ids = before.queue.items.value.map((item) => item.clientMessageId)
  before.queue.close()

  const after = start(storage)
  after.queue.restore()
  after.queue.restore()
  after.queue.flush()
  after.queue.flush()
  await until(() => after.queue.items.value.length === 0, { what: 'both are sent' })
  expect(after.server.took).toEqual([`${ids[0]} uno`, `${ids[1]} dos`])
})
