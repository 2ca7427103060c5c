// Calls about what messages cost: for supervisors and the host's own services.
import { rates, ratesUpdate } from '../../../shared/rates.ts'
import { DomainError } from '../../../shared/problems.ts'
import { keepRates, readRates } from '../../campaigns/keep-rates.ts'
import { type RawCall, type Route, route } from '../route.ts'

/** @throws DomainError `forbidden`. */
function mustSeePrices({ caller: { role, scope } }: RawCall): void {
  if (role === 'agent' || scope !== null)
    throw new DomainError('forbidden', 'What messages cost is for supervisors and the host: a token without "coordinations".')
}

export const rateRoutes: Route[] = [
  route({
    method: 'get',
    path: '/api/rates',
    operation: 'readRates',
    summary:
      'What messages cost, by channel, country and category, with the date; estimates of the release until the organization gives its own.',
    answers: { 200: rates },
    async handle(parts, call) {
      mustSeePrices(call)
      return { status: 200, body: await readRates(parts, call.caller.orgId) }
    },
  }),
  route({
    method: 'put',
    path: '/api/rates',
    operation: 'keepRates',
    summary: 'The organization’s own table, whole. Without items: the estimates of the release hold again.',
    body: ratesUpdate,
    bodyBytes: 1024 * 1024,
    answers: { 200: rates },
    async handle(parts, call) {
      mustSeePrices(call)
      const { body } = call
      return { status: 200, body: await keepRates(parts, call.caller.orgId, body.items.length === 0 ? null : body) }
    },
  }),
]
