// Lets the host's webhooks hear what the browsers are told.
import type { Publish } from '../parts.ts'
import type { Changed } from '../rules/host-events.ts'

export function hearToo(publish: Publish, hear: (orgId: string, changed: Partial<Changed>) => void): Publish {
  const { changes: tellBrowsers } = publish
  return {
    ...publish,
    changes(changes, audience) {
      tellBrowsers(changes, audience)
      hear(changes.orgId, changes)
    },
    coordination(orgId, coordination) {
      publish.coordination(orgId, coordination)
      hear(orgId, { coordinations: [coordination] })
    },
  }
}
