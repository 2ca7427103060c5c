// The plan of a record as the server computes it now; looked at again while it is shown, so that what others change is seen.
import { useEffect, useRef, useState } from 'preact/hooks'
import type { PlanItem } from '../../../shared/automations.ts'
import type { Answer } from '../../../shared/events.ts'
import type { Message } from '../../../shared/model.ts'
import { useShared } from '../shared-state.ts'

interface Plan {
  items: PlanItem[]
  /** Of the record. */
  timezone: string
}
export interface PlanChange {
  key: string
  action: 'skip' | 'send' | 'move' | 'restore'
  dueAt?: string
}

interface UsedPlan {
  /** Null: not there yet; `failed`: it could not be had. */
  plan: Plan | null | 'failed'
  /** The plan that is shown afterwards is the one after the change. */
  change(change: PlanChange): Promise<Answer<{ message: Message | null }>>
  look(): Promise<void>
}

/** @param rev rises when the record's conversation changes. */
export function usePlan(coordinationId: string, rev: number): UsedPlan {
  const { client, now } = useShared()
  const [plan, setPlan] = useState<Plan | null | 'failed'>(null)
  const asked = useRef(0)
  const path = `/api/coordinations/${encodeURIComponent(coordinationId)}/plan`

  async function look(): Promise<void> {
    const mine = ++asked.current
    const answer = await client.http<Plan>('GET', path)
    // Asked again since: that answer knows more.
    if (mine !== asked.current) return
    if (answer.ok) setPlan({ items: answer.items, timezone: answer.timezone })
    else setPlan((before) => (before === null || answer.error.code === 'not_found' ? 'failed' : before))
  }

  const tick = now.value
  useEffect(() => {
    if (asked.current === 0 || document.visibilityState === 'visible') void look()
  }, [tick, rev])
  useEffect(
    () => () => {
      asked.current = -1
    },
    [],
  )

  return {
    plan,
    look,
    async change(change) {
      const answer = await client.http<{ message: Message | null }>('POST', path, change)
      await look()
      return answer
    },
  }
}
