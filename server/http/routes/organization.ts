// Calls about the organization itself.
import { organization, organizationUpdate } from '../../../shared/organization.ts'
import { DomainError } from '../../../shared/problems.ts'
import { readOrganization, updateOrganization } from '../../team/organization-settings.ts'
import { type Route, route } from '../route.ts'

/** As the tag in `ETag` and `If-Match`. */
const tagOf = (rev: number): string => `"${rev}"`

export const organizationRoutes: Route[] = [
  route({
    method: 'get',
    path: '/api/organization',
    operation: 'readOrganization',
    summary: 'What the organization set up: its time zone, channels, calendars, fallback, limits.',
    answers: { 200: organization },
    async handle(parts, { caller }) {
      const state = await readOrganization(parts, caller.orgId)
      return { status: 200, body: state, etag: tagOf(state.rev) }
    },
  }),
  route({
    method: 'patch',
    path: '/api/organization',
    operation: 'updateOrganization',
    summary: 'Changes what is given, null takes it back; by supervisors and the host. With `rev`, or `If-Match`: that state alone.',
    body: organizationUpdate,
    answers: { 200: organization },
    fails: ['conflict'],
    async handle(parts, { caller, body, ifMatch }) {
      const tagged = revIn(ifMatch)
      if (tagged !== null && tagged !== (body.rev ?? tagged))
        throw new DomainError('conflict', 'The header If-Match and rev name two states: give one of them.')
      const state = await updateOrganization(parts, caller, body, body.rev ?? tagged)
      return { status: 200, body: state, etag: tagOf(state.rev) }
    },
  }),
]

/** Null: any. What is no tag of ours fits no state. */
function revIn(ifMatch: string | undefined): number | null {
  if (ifMatch === undefined || ifMatch.trim() === '*') return null
  return Number(/^\s*(?:W\/)?"(\d{1,15})"\s*$/.exec(ifMatch)?.[1] ?? -1)
}
