// The panel chunk's exports.
import { render } from 'preact'
import type { PanelModule } from '../state/panel.ts'

export const mountPanel: PanelModule['mountPanel'] = (root) => ({
  open: () => render('…', root),
  close: () => render(null, root),
  setOptions() {},
  setContext() {},
  destroy: () => render(null, root),
})
export const mountThread: PanelModule['mountThread'] = (root) => ({
  setTarget() {},
  setOptions() {},
  setContext() {},
  destroy: () => render(null, root),
})
