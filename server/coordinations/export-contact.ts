// Everything that is held about one person as one JSON document, written as it is read: nothing holds the whole of it.
import { identityKeys } from '../../shared/phone.ts'
import { DomainError } from '../../shared/problems.ts'
import type { Caller, Parts } from '../parts.ts'
import { presentBroadcast } from '../present.ts'
import type { Page } from '../store/records.ts'
import { showPage } from '../team/show-message.ts'

const PAGE = 100

/**
 * The contact with its opt-outs, its conversations, all messages said and planned with addresses of their media, and the records
 * with its numbers.
 *
 * @throws DomainError `not_found`, before the first part.
 */
export async function exportContact(parts: Parts, caller: Caller, id: string): Promise<AsyncIterable<string>> {
  const { store } = parts
  const contact = await store.contact(caller, id)
  if (contact === null) throw new DomainError('not_found', 'There is no such contact.')
  const phoneKeys = [...new Set(contact.addresses.flatMap(({ address }) => identityKeys(address)))]
  const page = (cursor: string | null) => ({ cursor, limit: PAGE })
  const lists: Record<string, (cursor: string | null) => Promise<Page<unknown>>> = {
    async conversations(cursor) {
      const found = await store.conversations(caller, { contactId: id, automated: true, sort: 'activity' }, page(cursor))
      return { ...found, items: found.items.map((state) => presentBroadcast(parts, caller.orgId, state)) }
    },
    async messages(cursor) {
      const found = (await store.contactMessages(caller, id, page(cursor))) ?? { items: [], nextCursor: null }
      return showPage(parts, caller, found)
    },
    planned: async (cursor) =>
      showPage(parts, caller, await store.messageLog(caller, { contactId: id, statuses: ['scheduled'] }, page(cursor))),
    records: async (cursor) =>
      phoneKeys.length === 0 ? { items: [], nextCursor: null } : store.coordinations(caller, { phoneKeys }, page(cursor)),
  }
  return documentOf({ exportedAt: new Date(parts.clock.now()).toISOString(), contact }, lists)
}

async function* documentOf(head: object, lists: Record<string, (cursor: string | null) => Promise<Page<unknown>>>): AsyncGenerator<string> {
  yield JSON.stringify(head).slice(0, -1)
  for (const [name, read] of Object.entries(lists)) {
    yield `,\n${JSON.stringify(name)}:[`
    let isFirst = true
    for (let cursor: string | null = null; ; ) {
      const { items, nextCursor }: Page<unknown> = await read(cursor)
      for (const item of items) {
        yield `${isFirst ? '' : ','}\n${JSON.stringify(item)}`
        isFirst = false
      }
      if (nextCursor === null) break
      cursor = nextCursor
    }
    yield ']'
  }
  yield '}\n'
}
