// The templates: all of them, one, writing a new one.
import { useEffect, useState } from 'preact/hooks'
import type { Template } from '../../../shared/model.ts'
import { Loading } from '../../parts/loading.tsx'
import { Problem } from '../../parts/problem.tsx'
import type { PageProps } from '../../page-props.ts'
import { Back } from '../back.tsx'
import { goTo } from '../go.ts'
import '../pages.css'
import { type Draft, draftFrom } from './draft.ts'
import { TemplateForm } from './form.tsx'
import { TemplateList } from './list.tsx'
import { addressOf, pathOf } from './template-address.ts'
import type { TemplateProps } from './template-props.ts'
import './templates.css'
import { TemplateView } from './view.tsx'
import { templateWords } from './words.ts'

export function Page({ api, rest, locale }: PageProps) {
  const words = templateWords[locale]
  const props: TemplateProps = { api, words, locale }
  const [path = '', query = ''] = rest.split('?')
  const parts = path.split('/').map(decodeURIComponent)
  const [first = '', second = '', third = ''] = parts
  const given = new URLSearchParams(query)
  if (first === '') return <TemplateList {...props} q={given.get('q') ?? ''} language={given.get('language') ?? ''} />
  // Of two parts it is a name and a language, also of a template called "new".
  if (first === 'new' && parts.length !== 2) return <NewTemplate key={path} {...props} name={second} language={third} />
  return <TemplateView key={path} {...props} name={first} language={second} isNew={given.has('sent')} />
}

/** With a name: that one is what it begins with. */
function NewTemplate({ name, language, ...props }: TemplateProps & { name: string; language: string }) {
  const { api, words } = props
  const [from, setFrom] = useState<Draft | null>(null)
  const [error, setError] = useState<unknown>(null)
  useEffect(() => {
    if (name !== '') api.get<Template>(pathOf(name, language)).then((found) => setFrom(draftFrom(found)), setError)
  }, [api, name, language])
  return (
    <>
      <header class="page-head">
        <Back href="#/templates">{words.back}</Back>
        <h1>{words.form.title}</h1>
        <p class="muted">{words.form.lead}</p>
      </header>
      <Problem error={error} />
      {name !== '' && from === null ? (
        error === null && <Loading />
      ) : (
        <TemplateForm {...props} from={from} onDone={(template) => goTo(`${addressOf(template)}?sent`)} />
      )}
    </>
  )
}
