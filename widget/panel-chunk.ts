// The panel as it is loaded: with the tokens that only it uses, adopted before it draws.
import { modernColours, withoutNewColours } from './launcher/tokens.ts'
import { mountPanel as mount } from './panel/mount-panel.tsx'
import { panelTokens } from './panel-tokens.ts'
import type { PanelModule } from './client/panel.ts'

let sheet: CSSStyleSheet | null = null

export function adoptTokens(element: HTMLElement): void {
  const root = element.getRootNode()
  if (!(root instanceof ShadowRoot)) return
  if (!sheet) {
    sheet = new CSSStyleSheet()
    sheet.replaceSync(modernColours() ? panelTokens : withoutNewColours(panelTokens))
  }
  if (!root.adoptedStyleSheets.includes(sheet)) root.adoptedStyleSheets.push(sheet)
}

export const mountPanel: PanelModule['mountPanel'] = (root, client, options) => {
  adoptTokens(root)
  return mount(root, client, options)
}
