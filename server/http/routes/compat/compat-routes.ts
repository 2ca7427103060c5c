// The calls that other systems make today, each behind its letter in `COMPAT`: thin, over the calls that there are anyway.
import type { Config } from '../../../config.ts'
import type { Route } from '../../route.ts'
import { allRoutes } from '../all-routes.ts'
import { crmRoutes } from './crm.ts'
import { loanRoutes } from './loans.ts'
import { travelRoutes } from './travel.ts'

const routesOfSystem: Record<Config['compat'][number], readonly Route[]> = { b: crmRoutes, c: travelRoutes, d: loanRoutes }

/** All that are answered with these settings. */
export const routesOf = ({ compat }: Pick<Config, 'compat'>): readonly Route[] => [
  ...allRoutes,
  ...compat.flatMap((system) => routesOfSystem[system]),
]
