// A defect of ours stays ours: it is reported, and the host's page never sees it thrown.
import type { ComponentChildren } from 'preact'
import { useErrorBoundary } from 'preact/hooks'

interface GuardProps {
  onError(error: unknown): void
  children: ComponentChildren
}

export function Guard({ onError, children }: GuardProps): ComponentChildren {
  const [error] = useErrorBoundary(onError)
  return error === undefined ? children : null
}
