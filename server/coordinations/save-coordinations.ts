// The host's records: created or replaced, all or nothing.
import type { z } from 'zod'
import type { Coordination } from '../../shared/model.ts'
import { DomainError } from '../../shared/problems.ts'
import type { coordinationBodies } from '../../shared/requests.ts'
import type { Caller, Parts } from '../parts.ts'
import { saveWithPlans } from '../automations/save-with-plans.ts'
import { tell } from '../tell.ts'
import type { CoordinationInput, CoordinationSaved } from '../store/records.ts'
import { readPhone } from './read-phone.ts'

/** Of a list of a thousand the first of them are enough to find the fault by. */
const MAX_ISSUES = 20

type Body = z.output<typeof coordinationBodies>[number]

function inputOf(body: Body, defaultCountry: string, path: string): CoordinationInput {
  const { name, phone, channel, externalId, phones } = body.contact
  const main = readPhone(phone, defaultCountry, `${path}contact.phone`)
  const whatsapp = phones?.whatsapp === undefined ? null : readPhone(phones.whatsapp, defaultCountry, `${path}contact.phones.whatsapp`)
  const sms = phones?.sms === undefined ? null : readPhone(phones.sms, defaultCountry, `${path}contact.phones.sms`)
  const contact: Coordination['contact'] = {
    name,
    phone: main.phoneE164,
    ...(channel === undefined ? {} : { channel }),
    ...(externalId === undefined ? {} : { externalId }),
    ...(phones === undefined
      ? {}
      : { phones: { ...(whatsapp ? { whatsapp: whatsapp.phoneE164 } : {}), ...(sms ? { sms: sms.phoneE164 } : {}) } }),
  }
  return {
    id: body.id,
    title: body.title,
    contact,
    phoneKeys: [...new Set([main, whatsapp, sms].flatMap((given) => given?.keys ?? []))],
    startsAt: body.startsAt === null ? null : new Date(body.startsAt).toISOString(),
    timezone: body.timezone ?? null,
    url: body.url ?? null,
    status: body.status,
    agent: body.agent ?? null,
    data: body.data,
  }
}

/**
 * Saves records in their order and tells whom it concerns.
 *
 * @param pathOf where a record stands in the request, for the answer to a wrong one.
 * @throws DomainError `forbidden` (a record outside the token's scope), `invalid_phone` with an issue for each wrong number, `validation_failed` (an id twice).
 */
export async function saveCoordinations(
  parts: Parts,
  caller: Caller,
  bodies: readonly Body[],
  pathOf: (index: number) => string = (index) => `${index}.`,
): Promise<CoordinationSaved[]> {
  const seen = new Set<string>()
  const country = parts.organizationOf(caller.orgId).settings.defaultCountry
  const wrong: DomainError[] = []
  const inputs = bodies.flatMap((body, index) => {
    if (caller.scope !== null && !caller.scope.includes(body.id))
      throw new DomainError('forbidden', 'This token may only write the records that it names.')
    if (seen.has(body.id))
      throw new DomainError('validation_failed', 'A record stands twice in the list.', {
        issues: [{ path: `${index}.id`, message: 'stands twice in the list' }],
      })
    seen.add(body.id)
    try {
      return [inputOf(body, country, pathOf(index))]
    } catch (error) {
      if (!(error instanceof DomainError) || error.code !== 'invalid_phone') throw error
      wrong.push(error)
      return []
    }
  })
  const [first] = wrong
  if (first)
    throw new DomainError('invalid_phone', first.message, {
      issues: wrong.flatMap(({ more }) => more.issues ?? []).slice(0, MAX_ISSUES),
    })
  const { saved, changes } = await saveWithPlans(parts, caller.orgId, inputs)
  tell(parts, changes)
  if (saved.some(({ changed }) => changed)) parts.automations.planned()
  for (const { changed, coordination } of saved) if (changed) parts.publish.coordination(caller.orgId, coordination)
  return saved
}
