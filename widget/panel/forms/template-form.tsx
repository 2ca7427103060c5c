// A template's variables and, as one types, the message as the client will read it.
import { useLayoutEffect, useRef, useState } from 'preact/hooks'
import type { OwnConversation, Template } from '../../../shared/model.ts'
import { missingVariables } from '../../../shared/templates.ts'
import { Icon } from '../icon.tsx'
import { mayFocus } from '../may-focus.ts'
import { useShared } from '../shared-state.ts'
import { useFormWords } from './form-words.ts'
import { problemText } from '../problem-text.ts'
import { TemplateTime } from './template-time.tsx'
import { missingField } from './missing-field.ts'
import { templateTitle } from '../template-title.ts'
import { nameOf } from './name-of.ts'
import { useKnown } from './use-known.ts'
import { templateValues } from './template-values.ts'
import { type Later, useScene } from '../thread-scene.ts'
import { answerSettings } from '../answer-settings.ts'

interface FormProps extends Later {
  conversation: OwnConversation
  template: Template
  variables: Readonly<Record<string, string>>
}

export function TemplateForm({ conversation, template, variables: given, plan, ...later }: FormProps) {
  const { client, words, zone } = useShared()
  const own = useFormWords()
  const { thread, mode, sends, plan: editing } = useScene()
  const form = useRef<HTMLFormElement>(null)
  const known = useKnown(conversation)
  const [typed, setTyped] = useState<Readonly<Record<string, string>>>({})
  const values = { ...templateValues(template, given, known), ...typed }
  const [sendAt, setSendAt] = useState(later.sendAt ?? null)
  const [problem, setProblem] = useState('')
  const [left, setLeft] = useState<ReadonlySet<string>>(new Set())
  const missing = missingVariables(template.body, values)
  const back = () => (mode.value = { at: 'templates', ...(sendAt ? { sendAt } : {}), ...(plan ? { plan } : {}) })

  async function send(): Promise<void> {
    const said = { template: { name: template.name, language: template.language, variables: values } }
    if (plan) {
      const answer = await thread.change(plan.id, { ...said, ...(sendAt ? { sendAt } : {}) })
      if (!answer.ok) return setProblem(answer.error.code === 'conflict' ? own.planGone : problemText(words, answer.error))
      editing.value = null
    } else void thread.send(said, sendAt ? { sendAt } : answerSettings(client))
    mode.value = { at: 'text' }
    sends.value++
  }

  useLayoutEffect(() => {
    const empty = template.variables.find((name) => !values[name])
    const field = empty === undefined ? form.current?.querySelector<HTMLElement>('.primary') : form.current?.elements.namedItem(empty)
    if (form.current && mayFocus(form.current)) (field as HTMLElement | null)?.focus({ preventScroll: true })
  }, [template])

  return (
    <form
      class="picker"
      ref={form}
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        setLeft(new Set(template.variables))
        if (missing.length === 0) void send()
      }}
    >
      <div class="formhead">
        <button type="button" class="ib" aria-label={words.back} onClick={back}>
          <Icon name="back" />
        </button>
        <span class="cut">{nameOf(template, zone.locale)}</span>
      </div>
      <div class="scroll">
        {template.variables.length > 0 && (
          <div class="form">
            {template.variables.map((name) => {
              const bad = missing.includes(name) && left.has(name)
              return (
                <label key={name}>
                  {templateTitle(name)}
                  <input
                    class="field"
                    name={name}
                    maxLength={1024}
                    autocomplete="off"
                    aria-invalid={bad}
                    value={values[name]}
                    onInput={(event) => setTyped({ ...typed, [name]: event.currentTarget.value })}
                    onBlur={() => setLeft(new Set([...left, name]))}
                  />
                  {bad && <span class="err">{missingField(zone.locale, templateTitle(name).toLocaleLowerCase())}</span>}
                </label>
              )
            })}
          </div>
        )}
        {/* biome-ignore lint/a11y/useSemanticElements: it is read, not filled in */}
        <div class="preview" role="group" aria-label={own.preview}>
          <div class="bubble" dir="auto">
            {template.body
              .split(/\{\{\s*(.+?)\s*\}\}/g)
              .map((part, index) =>
                index % 2 === 0 ? part : values[part]?.trim() ? <em>{values[part]}</em> : <em class="danger">{templateTitle(part)}</em>,
              )}
          </div>
        </div>
      </div>
      {problem && (
        <p class="err" role="alert">
          {problem}
        </p>
      )}
      <div class="actbar">
        <TemplateTime conversation={conversation} sendAt={sendAt} isPlan={plan !== undefined} onChange={setSendAt} />
        <button type="button" class="btn quiet" onClick={back}>
          {words.cancel}
        </button>
        <button type="submit" class="btn primary" disabled={missing.length > 0}>
          {plan ? words.save : sendAt ? words.schedule : own.sendTemplate}
        </button>
      </div>
    </form>
  )
}
