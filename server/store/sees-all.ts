import type { Viewer } from './records.ts'

/** Whoever reads for the system itself: no agent, and in every record. */
export const seesAll = (orgId: string): Viewer => ({ orgId, agentId: '', scope: null })
