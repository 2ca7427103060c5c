// A defect of ours stays ours: it is reported, and the host's page never sees it thrown.
import { Component, type ComponentChildren } from 'preact'

interface GuardProps {
  onError(error: unknown): void
  children: ComponentChildren
}

export class Guard extends Component<GuardProps, { failed: boolean }> {
  override state = { failed: false }

  static override getDerivedStateFromError() {
    return { failed: true }
  }

  override componentDidCatch(error: unknown): void {
    this.props.onError(error)
  }

  override render() {
    return this.state.failed ? null : this.props.children
  }
}
