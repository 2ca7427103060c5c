// Around every page: where else one can go, who one is, how it looks.
import type { ComponentChildren } from 'preact'
import type { Claims } from '../widget/client/token.ts'
import { Icon } from '../widget/panel/icon.tsx'
import { type Appearance, locales, themes } from './appearance.ts'
import { pages } from './pages.ts'
import { useShell } from './shell.ts'

interface FrameProps {
  /** Of the page that is shown. */
  name: string
  claims: Claims | null
  appearance: Appearance
  onAppearance(part: Partial<Appearance>): void
  onSignOut(): void
  children: ComponentChildren
}

export function Frame({ name, claims, appearance, onAppearance, onSignOut, children }: FrameProps) {
  const { words } = useShell()
  const shown = name === '' ? pages[0].name : name
  return (
    <>
      <button type="button" class="skip" onClick={() => document.getElementById('page')?.focus()}>
        {words.skip}
      </button>
      <header class="side">
        <p class="brand">
          Hilo <span>{words.console}</span>
        </p>
        <nav aria-label={words.main}>
          {pages.map((page) => (
            <a key={page.name} href={`#/${page.name}`} aria-current={page.name === shown ? 'page' : undefined}>
              <Icon name={page.icon} />
              <span>{words.pages[page.name]}</span>
            </a>
          ))}
        </nav>
        <div class="me">
          <div class="looks">
            <select
              aria-label={words.language}
              value={appearance.locale}
              onChange={({ currentTarget }) => {
                const locale = locales.find((one) => one === currentTarget.value)
                if (locale !== undefined) onAppearance({ locale, isLocaleChosen: true })
              }}
            >
              {locales.map((one) => (
                <option key={one} value={one} lang={one}>
                  {words.languages[one]}
                </option>
              ))}
            </select>
            <select
              aria-label={words.theme}
              value={appearance.theme}
              onChange={({ currentTarget }) => {
                const theme = themes.find((one) => one === currentTarget.value)
                if (theme !== undefined) onAppearance({ theme })
              }}
            >
              {themes.map((one) => (
                <option key={one} value={one}>
                  {words.themes[one]}
                </option>
              ))}
            </select>
          </div>
          <span class="cut name" title={claims?.name}>
            {claims?.name}
          </span>
          <button type="button" class="link" onClick={onSignOut}>
            {words.signOut}
          </button>
        </div>
      </header>
      <main id="page" tabIndex={-1}>
        {children}
      </main>
    </>
  )
}
