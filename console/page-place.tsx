// Where a page stands: fetched when it is first looked at, and said so where it cannot be.
import type { ComponentType } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import type { Api } from './api.ts'
import type { PageProps } from './page-props.ts'
import { pages } from './pages.ts'
import { Loading } from './parts/loading.tsx'
import { Problem } from './parts/problem.tsx'
import type { Route } from './route.ts'
import { useShell } from './shell.ts'

const loaded = new Map<string, ComponentType<PageProps>>()

export function PagePlace({ route: { name, rest }, api }: { route: Route; api: Api }) {
  const { words, locale } = useShell()
  const entry = name === '' ? pages[0] : pages.find((one) => one.name === name)
  const [, redraw] = useState(0)
  const [error, setError] = useState<unknown>(null)
  const title = entry === undefined ? '' : words.pages[entry.name]

  useEffect(() => {
    document.title = title === '' ? 'Hilo' : `${title} · Hilo`
  }, [title])

  useEffect(() => {
    setError(null)
    if (entry === undefined || loaded.has(entry.name)) return
    entry.load().then(({ Page }) => {
      loaded.set(entry.name, Page)
      redraw((n) => n + 1)
    }, setError)
  }, [entry])

  if (entry === undefined) return <p class="muted">{words.noPage}</p>
  const Page = loaded.get(entry.name)
  if (Page === undefined) return error === null ? <Loading /> : <Problem error={error} onAgain={() => location.reload()} />
  return <Page key={entry.name} api={api} rest={rest} locale={locale} />
}
