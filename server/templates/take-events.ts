// What Twilio tells of contents as it happens: approved, paused, in another category. Told again, or late, it changes nothing.
import type { Parts } from '../parts.ts'
import { takeEvent, type TemplateEvent } from '../rules/template.ts'

/** What they do not tell, a new content and why one was rejected, is in Twilio's list. */
export async function takeTemplateEvents(
  { store, clock, publish, templates }: Pick<Parts, 'store' | 'clock' | 'publish' | 'templates'>,
  orgId: string,
  events: readonly TemplateEvent[],
): Promise<void> {
  let changed = false
  for (const event of events)
    for (const key of await store.templatesOfContents(orgId, [event.contentSid])) {
      const done = await store.changeTemplate(orgId, key, (before) => takeEvent(before, event), clock.now())
      changed ||= done.changed
    }
  if (changed) publish.templates(orgId)
  if (events.length > 0) templates.soon(orgId)
}
