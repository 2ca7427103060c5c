// What the server tells by itself. The connection is the widget's own, and comes when somebody first listens.
import { createContext } from 'preact'
import { useContext, useEffect, useRef } from 'preact/hooks'
import type { CampaignEvent } from '../shared/events.ts'
import type { Session } from './session.ts'

export interface Live {
  /** The answer ends it. */
  onCampaign(listener: (event: CampaignEvent) => void): () => void
}

export const LiveContext = createContext<Live | null>(null)

export function createLive(session: Session): Live {
  const listeners = new Set<(event: CampaignEvent) => void>()
  let isOpen = false

  async function open(): Promise<void> {
    if (isOpen) return
    isOpen = true
    try {
      const { openLiveLink } = await import('./live-link.ts')
      openLiveLink(session, (event) => {
        for (const listener of listeners) listener(event)
      })
    } catch {
      // Whoever listens asks now and then besides.
      isOpen = false
    }
  }

  return {
    onCampaign(listener) {
      listeners.add(listener)
      void open()
      return () => listeners.delete(listener)
    },
  }
}

export function useCampaignEvents(listener: (event: CampaignEvent) => void): void {
  const live = useContext(LiveContext)
  const last = useRef(listener)
  last.current = listener
  useEffect(() => live?.onCampaign((event) => last.current(event)), [live])
}
