// Writing a template: its fields beside what becomes of it on the phone. Nothing is asked of WhatsApp that it would refuse.
import { useState } from 'preact/hooks'
import type { Template } from '../../../shared/model.ts'
import { Button } from '../../parts/button.tsx'
import { Choice } from '../../parts/choice.tsx'
import { Problem } from '../../parts/problem.tsx'
import { count } from '../../shell.ts'
import { BodyField } from './body-field.tsx'
import { ButtonsField } from './buttons-field.tsx'
import { type Category, type Draft, nameFrom, newDraft, submissionOf } from './draft.ts'
import { CodeFields, FooterField, Samples, TopFields } from './fields.tsx'
import { type FormProps, idOf, Place } from './place.tsx'
import { Preview } from './preview.tsx'
import type { TemplateProps } from './template-props.ts'
import { useDraft } from './use-draft.ts'
import { languages } from './words.ts'

const categories: readonly Category[] = ['UTILITY', 'MARKETING', 'AUTHENTICATION']

/** Of whoever writes; which country's, they say. */
const languageFor = { es: 'es_AR', en: 'en', pt: 'pt_BR' } as const

interface TemplateFormProps extends TemplateProps {
  /** Another one to begin with. */
  from: Draft | null
  onDone(template: Template): void
}

export function TemplateForm({ api, words, locale, from, onDone }: TemplateFormProps) {
  const state = useDraft(newDraft(languageFor[locale]), from)
  const [isBusy, setIsBusy] = useState(false)
  const [problem, setProblem] = useState<unknown>(null)
  const { draft, faults, change } = state
  const { form } = words
  const isCode = draft.category === 'AUTHENTICATION'
  const props: FormProps = { state, words, locale }

  async function submit(event: Event): Promise<void> {
    event.preventDefault()
    state.tryIt()
    const [first] = faults
    if (first !== undefined) {
      requestAnimationFrame(() => document.getElementById(idOf(first.path))?.focus())
      return
    }
    setIsBusy(true)
    setProblem(null)
    try {
      const path = `/api/templates/${encodeURIComponent(draft.name)}/submit`
      const { template } = await api.send<{ template: Template }>('POST', path, submissionOf(draft))
      state.forget()
      onDone(template)
    } catch (error) {
      setProblem(error)
    } finally {
      setIsBusy(false)
    }
  }

  return (
    <form class="template-form" noValidate onSubmit={(event) => void submit(event)}>
      <div class="template-fields">
        <Choice
          legend={words.category}
          value={draft.category}
          options={categories.map((value) => ({ value, label: words.categories[value], hint: words.categoryHints[value] }))}
          onChange={(category) => change({ category })}
        />
        <div class="pair">
          <Place {...props} path="name" label={words.name} hint={form.nameHint}>
            {(control) => (
              <input
                {...control}
                class="field"
                value={draft.name}
                autocapitalize="off"
                autocomplete="off"
                spellcheck={false}
                onInput={(event) => {
                  change({ name: nameFrom(event.currentTarget.value) })
                  state.touch('name')
                }}
              />
            )}
          </Place>
          <Place {...props} path="language" label={words.language} hint={form.languageHint}>
            {(control) => (
              <>
                <input
                  {...control}
                  class="field"
                  list="template-languages"
                  value={draft.language}
                  onInput={(event) => change({ language: event.currentTarget.value.trim().replaceAll('-', '_') })}
                />
                <datalist id="template-languages">
                  {languages.map((one) => (
                    <option key={one} value={one} />
                  ))}
                </datalist>
              </>
            )}
          </Place>
        </div>
        {!isCode && <TopFields {...props} />}
        <BodyField {...props} />
        {isCode ? <CodeFields {...props} /> : <FooterField {...props} />}
        {!isCode && <ButtonsField {...props} />}
        <Samples {...props} />
        <Problem error={problem} />
        <div class="template-end">
          <p aria-live="polite" class={faults.length > 0 ? 'muted' : 'success'}>
            {faults.length > 0 ? count(locale, form.faults, faults.length) : form.allRight}
          </p>
          <a class="btn" href="#/templates">
            {form.cancel}
          </a>
          <Button type="submit" kind="primary" isBusy={isBusy}>
            {isBusy ? form.submitting : form.submit}
          </Button>
        </div>
      </div>
      <Preview draft={draft} words={words} />
    </form>
  )
}
