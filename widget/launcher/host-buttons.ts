// The host's own buttons: anything with `data-hilo-coordination` or `data-hilo-phone` opens that thread.
import type { Target } from '../client/panel.ts'

const SELECTOR = '[data-hilo-coordination],[data-hilo-phone]'

function targetOf({ dataset }: HTMLElement): Target {
  const { hiloCoordination, hiloTitle, hiloPhone, hiloName, hiloChannel, hiloDraft, hiloTemplate } = dataset
  return {
    ...(hiloCoordination ? { coordinationId: hiloCoordination } : {}),
    ...(hiloTitle ? { title: hiloTitle.slice(0, 200) } : {}),
    ...(hiloPhone ? { phone: hiloPhone } : {}),
    ...(hiloName ? { name: hiloName } : {}),
    ...(hiloChannel === 'sms' || hiloChannel === 'whatsapp' ? { channel: hiloChannel } : {}),
    ...(hiloDraft ? { draft: hiloDraft } : {}),
    ...(hiloTemplate ? { template: hiloTemplate } : {}),
  }
}

/** One listener for all of them, also those that come later, also inside the host's shadow roots. */
export function listenToHostButtons(onPress: (target: Target, pressed: Element) => void, signal: AbortSignal): void {
  document.addEventListener(
    'click',
    (event) => {
      const pressed = event.composedPath().find((node) => node instanceof HTMLElement && node.matches(SELECTOR))
      if (!(pressed instanceof HTMLElement)) return
      event.preventDefault()
      onPress(targetOf(pressed), pressed)
    },
    // Before the host's own listeners: a row that keeps clicks to itself does not keep them from us.
    { signal, capture: true },
  )
}
