// One campaign, kept up to date: asked for again when the server tells that it moved, and now and then besides.
import { useCallback, useEffect, useRef, useState } from 'preact/hooks'
import type { CampaignShown } from '../../../shared/campaigns.ts'
import type { Api } from '../../api.ts'
import { useCampaignEvents } from '../../live.ts'

/** While something is under way, and while answers and ticks still come. */
const MOVING_MS = 4000
const RESTING_MS = 20_000

export interface CampaignState {
  campaign: CampaignShown | null
  error: unknown
  put(campaign: CampaignShown): void
  load(): Promise<void>
}

const isMoving = ({ status, listing, counts }: CampaignShown): boolean =>
  status === 'running' || (listing && status !== 'draft') || counts.queued > 0

export function useCampaign(api: Api, id: string): CampaignState {
  const [campaign, setCampaign] = useState<CampaignShown | null>(null)
  const [error, setError] = useState<unknown>(null)
  const asking = useRef<Promise<void> | null>(null)
  const isMissed = useRef(false)

  const load = useCallback((): Promise<void> => {
    // Told while an answer is on its way: that one may be older.
    if (asking.current !== null) {
      isMissed.current = true
      return asking.current
    }
    const ask = async (): Promise<void> => {
      do {
        isMissed.current = false
        const found = await api.get<CampaignShown>(`/api/campaigns/${encodeURIComponent(id)}`)
        setCampaign(found)
        setError(null)
      } while (isMissed.current)
    }
    asking.current = ask()
      .catch(setError)
      .finally(() => {
        asking.current = null
      })
    return asking.current
  }, [api, id])

  useEffect(() => void load(), [load])
  useCampaignEvents((event) => {
    if (event.id === id) void load()
  })
  const every = campaign !== null && isMoving(campaign) ? MOVING_MS : RESTING_MS
  useEffect(() => {
    const timer = setInterval(() => document.visibilityState === 'visible' && void load(), every)
    return () => clearInterval(timer)
  }, [load, every])

  return { campaign, error, put: setCampaign, load }
}
