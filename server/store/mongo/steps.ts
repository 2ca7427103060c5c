// A rule's steps as fields of a pipeline: committed without reading first.
import type { ConversationDesk } from '../../rules/conversation.ts'
import type { Step, Steps } from '../../rules/steps.ts'
import { literal } from './write.ts'

function fieldOf(field: string, step: Step<unknown>): unknown {
  if ('set' in step) return literal(step.set)
  if ('add' in step) return { $add: [`$${field}`, step.add] }
  if ('latest' in step) return { $max: [`$${field}`, step.latest] }
  // A missing value or null is left out by both.
  if ('earliest' in step) return { $min: [`$${field}`, step.earliest] }
  if ('orElse' in step) return { $ifNull: [`$${field}`, literal(step.orElse)] }
  if ('also' in step) {
    const isNew = { $not: { $in: ['$$one', `$${field}`] } }
    return { $concatArrays: [`$${field}`, { $filter: { input: literal(step.also), as: 'one', cond: isNew } }] }
  }
  return `$${step.same}`
}

export function stepFields(steps: Steps<ConversationDesk>): Record<string, unknown> {
  const entries = Object.entries(steps) as [string, Step<unknown>][]
  const fields = Object.fromEntries(entries.map(([field, step]) => [field, fieldOf(field, step)]))
  const { inboundCount = '$inboundCount', answeredCount = '$answeredCount' } = fields
  const left = { $subtract: [inboundCount, answeredCount] }
  const unanswered =
    'inboundCount' in steps || 'answeredCount' in steps ? { unanswered: { $cond: [{ $gt: [left, 0] }, left, '$$REMOVE'] } } : {}
  return { ...fields, ...unanswered }
}
