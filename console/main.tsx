// The console's page: its look, then its frame. Everything else comes when it is first needed.
import { render } from 'preact'
import { baseCss } from '../widget/launcher/base.ts'
import { modernColours, tokensCss, withoutNewColours } from '../widget/launcher/tokens.ts'
import { panelTokens } from '../widget/panel-tokens.ts'
import '../widget/panel/controls.css'
import './frame.css'
import './parts/parts.css'
import { App } from './app.tsx'
import { readAppearance, wordsOf } from './appearance.ts'
import { openSession } from './session.ts'

const tokens = new CSSStyleSheet()
tokens.replaceSync(tokensCss() + (modernColours() ? panelTokens : withoutNewColours(panelTokens)) + baseCss)
document.adoptedStyleSheets = [tokens]

async function start(root: HTMLElement): Promise<void> {
  const appearance = readAppearance()
  const session = openSession()
  const words = await wordsOf(appearance.locale)
  render(<App session={session} first={appearance} firstWords={words} />, root)
}

const root = document.getElementById('app')
if (root) void start(root)
