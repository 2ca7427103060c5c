// The console's frame: who is signed in, which page is shown, in what look and language.
import { useEffect, useMemo, useState } from 'preact/hooks'
import type { OrganizationState } from '../shared/organization.ts'
import { createApi } from './api.ts'
import { type Appearance, keepAppearance, wordsOf } from './appearance.ts'
import { Frame } from './frame.tsx'
import { createLive, LiveContext } from './live.ts'
import { PagePlace } from './page-place.tsx'
import { Notice } from './parts/notice.tsx'
import { useRoute } from './route.ts'
import type { Session } from './session.ts'
import { ShellContext } from './shell.ts'
import type { Words } from './words/words.ts'

interface AppProps {
  session: Session
  first: Appearance
  firstWords: Words
}

export function App({ session, first, firstWords }: AppProps) {
  const [appearance, setAppearance] = useState(first)
  const [words, setWords] = useState(firstWords)
  const [timezone, setTimezone] = useState(() => Intl.DateTimeFormat().resolvedOptions().timeZone)
  const [, redraw] = useState(0)
  const route = useRoute()
  const api = useMemo(() => createApi(session), [session])
  const live = useMemo(() => createLive(session), [session])
  const state = session.state()

  useEffect(() => session.watch(() => redraw((n) => n + 1)), [session])

  async function change(part: Partial<Appearance>): Promise<void> {
    const next = { ...appearance, ...part }
    if (part.locale !== undefined) setWords(await wordsOf(part.locale))
    keepAppearance(next)
    setAppearance(next)
  }

  useEffect(() => {
    if (state !== 'signed-in') return
    // Without it times are those of this browser.
    api.get<OrganizationState>('/api/organization').then(
      (organization) => {
        setTimezone(organization.timezone)
        if (!first.isLocaleChosen) void change({ locale: organization.locale })
      },
      () => {},
    )
  }, [api, state === 'signed-in'])

  const { locale, theme } = appearance
  useEffect(() => {
    document.documentElement.lang = locale
    document.documentElement.dataset.theme = theme
  }, [locale, theme])

  const claims = session.claims()
  const isForbidden = claims !== null && (claims.role === 'agent' || Array.isArray(claims.coordinations))
  const shell = useMemo(() => ({ locale, words, timezone }), [locale, words, timezone])
  const page = isForbidden ? (
    <Closed title={words.forbidden.title} text={[words.forbidden.how]} />
  ) : (
    <LiveContext.Provider value={live}>
      <PagePlace route={route} api={api} />
    </LiveContext.Provider>
  )
  return (
    <ShellContext.Provider value={shell}>
      <div class="hilo console" data-theme={theme} lang={locale}>
        {state === 'none' ? (
          <main class="alone">
            <Closed title={words.signIn.title} text={[words.signIn.how, words.signIn.hand]} />
          </main>
        ) : (
          <Frame
            name={route.name}
            claims={claims}
            appearance={appearance}
            onAppearance={(part) => void change(part)}
            onSignOut={() => session.signOut()}
          >
            {state === 'ended' && (
              <Notice kind="caution" title={words.ended.title}>
                {words.ended.how}
              </Notice>
            )}
            {page}
          </Frame>
        )}
      </div>
    </ShellContext.Provider>
  )
}

/** In the place of a page that this person cannot see. */
function Closed({ title, text }: { title: string; text: readonly string[] }) {
  return (
    <div class="closed">
      <p class="mark" aria-hidden="true">
        Hilo
      </p>
      <h1>{title}</h1>
      {text.map((one) => (
        <p class="muted" key={one}>
          {one}
        </p>
      ))}
    </div>
  )
}
