// Where a host's modal (a native dialog, a layer that covers the page, a trap that takes the focus back) keeps one from the
// panel, the panel comes before it; as far as is needed and no further, so that the page stays usable where it can.
import { isVisible } from './is-visible.ts'

export type Raise = (wanted: boolean) => void

const hostOf = (dialog: HTMLElement) => (dialog.getRootNode() as ShadowRoot).host as HTMLElement

/** Whether a press in its middle would reach it. */
function isReachable(dialog: HTMLElement): boolean {
  const { left, top, width, height } = dialog.getBoundingClientRect()
  return document.elementFromPoint(left + width / 2, top + height / 2) === hostOf(dialog)
}

function show(dialog: HTMLDialogElement, how: 'show' | 'showModal'): void {
  dialog.close()
  dialog[how]()
}

/** One that the host hides stays hidden: brought forward, it would only block the page. */
const isShown = (dialog: HTMLElement) => dialog.parentElement !== null && isVisible(dialog.parentElement)

/** A modal is free of every other modal, of `inert`, and of traps, which cannot focus what it blocks. */
function becomeModal(dialog: HTMLDialogElement): void {
  show(dialog, 'showModal')
  if (!isReachable(dialog)) show(dialog, 'show')
}

export function comeForward(dialog: HTMLDialogElement, raise: Raise): void {
  const host = hostOf(dialog)
  // Set by modals on all that stands beside them.
  host.inert = false
  host.removeAttribute('aria-hidden')
  if (!isShown(dialog) || isReachable(dialog)) return
  raise(true)
  if (!isReachable(dialog)) becomeModal(dialog)
}

/** The focus, which `take` takes; from a trap that gets it back at once, as a modal. */
export function insist(dialog: HTMLDialogElement, take: () => void): void {
  take()
  if (document.activeElement === hostOf(dialog) || dialog.matches(':modal') || !isShown(dialog)) return
  becomeModal(dialog)
  if (dialog.matches(':modal')) take()
}

/** Somebody wants the page behind the modal: false where the two cannot be used side by side. */
export function stepBack(dialog: HTMLDialogElement): boolean {
  show(dialog, 'show')
  return isReachable(dialog)
}
