// Whose a cursor is: that of another agent, or of the same one with another scope, begins anew.
import { createHash } from 'node:crypto'
import type { Viewer } from './records.ts'

export function viewerHash({ orgId, agentId, scope }: Viewer): string {
  const text = JSON.stringify([orgId, agentId, scope === null ? null : [...new Set(scope)].sort()])
  return createHash('sha256').update(text).digest('base64url').slice(0, 12)
}
