// Which record an inbound message belongs to. Pure: the store gathers the facts and asks, inside its own step.
import type { Route, RouteFacts } from '../store/records.ts'

/**
 * In this order: the thread of the message it quotes (or whose button it answers), where its record is open, else unfiled with a hint of it; the record of the last outbound on
 * the line while that is open; the only open record; else unfiled, with a hint of the latest closed one.
 */
export function chooseRoute(facts: RouteFacts): Route {
  if (facts.quoted) {
    const { coordinationId, open } = facts.quoted
    if (coordinationId === null) return { coordinationId, hintId: hintOf(facts) }
    // What is over takes no new message silently: somebody looks, and files it.
    return open ? { coordinationId, hintId: null } : { coordinationId: null, hintId: coordinationId }
  }
  const last = facts.lastOutbound
  if (last !== null && last.coordinationId !== null && last.open) return { coordinationId: last.coordinationId, hintId: null }
  const [only, ...others] = facts.openCoordinations
  if (only !== undefined && others.length === 0) return { coordinationId: only, hintId: null }
  return { coordinationId: null, hintId: hintOf(facts) }
}

/** A closed record is worth a hint only where no open one could be meant. */
function hintOf(facts: RouteFacts): string | null {
  return facts.openCoordinations.length === 0 ? facts.closedCoordination : null
}

/** For what came to a number that is not configured: kept, but about no record. */
export function leaveUnfiled(): Route {
  return { coordinationId: null, hintId: null }
}
