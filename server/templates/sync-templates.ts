// Reads Twilio's whole list of contents and joins it to what is kept. What a broken page or a stop leaves out stays as it is.
import type { TemplateCounts } from '../../shared/model.ts'
import { DomainError } from '../../shared/problems.ts'
import { type ContentPage, ListUnreadable } from '../outbox/gateway.ts'
import type { Parts } from '../parts.ts'
import { isSameTemplate, joinListed, takeGone } from '../rules/template.ts'
import { isOpen } from '../rules/template-submission.ts'
import type { TemplateInput, TemplateRecord } from '../store/records.ts'
import { isEverybodys } from './sandbox.ts'
import { carryOn } from './submit-template.ts'

/** 6,000 is the most that WhatsApp lets a business have. */
const MOST_PAGES = 200
const TOGETHER = 50
const STORED_PAGE = 500
/** The list shows a content some moments after it was made. */
const SETTLE_MS = 60_000
/** Of those that the list does not show, asked for one by one each time: a page moves on while others are deleted. */
const MOST_MISSING = 100
/** Of those whose submission is open, each time: Twilio takes a hundred new ones an hour. */
const MOST_OPEN = 8

/**
 * `goOn` is awaited before each request; it throws where somebody else reads now, or the process stops.
 *
 * @throws ListUnreadable where Twilio does not answer, or not to the end: then nothing counts as gone.
 */
export async function syncTemplates(
  parts: Pick<Parts, 'store' | 'clock' | 'publish' | 'log' | 'organizationOf'>,
  orgId: string,
  goOn: () => Promise<void>,
): Promise<TemplateCounts> {
  const { store, clock, publish, log } = parts
  const { gateway } = parts.organizationOf(orgId)
  const startedAt = clock.now()
  const counts: TemplateCounts = { created: 0, changed: 0, gone: 0, unchanged: 0 }
  const listed = new Set<string>()
  const pages = new Set<string>()
  let unreadable = 0
  for (let page: string | null = null; ; ) {
    await goOn()
    const read: ContentPage = await gateway.listContents(page)
    for (const sid of read.sids) listed.add(sid)
    unreadable += read.sids.length - read.items.length
    await joinPage(read)
    if (read.next === null) break
    if (pages.has(read.next) || pages.size === MOST_PAGES) throw new ListUnreadable('Twilio’s list of contents has no end.', null)
    pages.add(read.next)
    page = read.next
  }
  if (unreadable > 0)
    log.warn({ contents: unreadable }, 'Contents of Twilio are written in a way that is not known here; they are left out')
  const open = await takeMissing()
  for (const one of open) await goOnWith(one)
  return counts

  async function joinPage({ items, sids, readAt }: ContentPage): Promise<void> {
    const kept = Map.groupBy(await store.templatesOfContents(orgId, sids), (one) => one.whatsapp?.contentSid)
    const before = counts.created + counts.changed
    // What carries a content already stands for it, by whatever name.
    const pairs = items.flatMap((one) => (kept.get(one.whatsapp?.contentSid) ?? [null]).map((holder) => ({ one, holder })))
    for (let from = 0; from < pairs.length; from += TOGETHER)
      await Promise.all(pairs.slice(from, from + TOGETHER).map(({ one, holder }) => join(one, holder, readAt)))
    if (counts.created + counts.changed > before) publish.templates(orgId)
  }

  async function join(one: TemplateInput, holder: TemplateRecord | null, readAt: number): Promise<void> {
    const looked = holder && joinListed(holder, one, readAt)
    if (holder && looked && isSameTemplate(holder, looked)) return void counts.unchanged++
    const done = await store.changeTemplate(orgId, holder ?? one, (before) => joinListed(before, one, readAt), clock.now())
    counts[done.created ? 'created' : done.changed ? 'changed' : 'unchanged']++
  }

  /** Submitted by who was killed on the way, or was not answered. */
  async function goOnWith(one: TemplateRecord): Promise<void> {
    await carryOn(parts, orgId, one, goOn).catch((error: unknown) => {
      if (!(error instanceof DomainError) || error.code === 'unavailable') throw error
      log.warn({ template: one.name, reason: error.message }, 'A template could not be submitted')
    })
  }

  /** The answer: those whose submission is not done. */
  async function takeMissing(): Promise<TemplateRecord[]> {
    const open: TemplateRecord[] = []
    let asked = 0
    for (let cursor: string | null = null; ; ) {
      await goOn()
      const { items, nextCursor }: { items: TemplateRecord[]; nextCursor: string | null } = await store.templates(
        orgId,
        {},
        { cursor, limit: STORED_PAGE },
      )
      for (const one of items) {
        if (open.length < MOST_OPEN && isOpen(one.submission)) open.push(one)
        const contentSid = one.whatsapp?.contentSid
        if (contentSid === undefined || one.gone || listed.has(contentSid) || isEverybodys(contentSid)) continue
        if (one.updatedAt > startedAt - SETTLE_MS) continue
        if (asked >= MOST_MISSING) continue
        asked++
        await goOn()
        if ((await gateway.contentState(contentSid)) !== null) continue
        const { changed } = await store.changeTemplate(orgId, one, (before) => takeGone(before, contentSid), clock.now())
        if (changed) counts.gone++
      }
      if (nextCursor === null) break
      cursor = nextCursor
    }
    if (counts.gone > 0) publish.templates(orgId)
    return open
  }
}
