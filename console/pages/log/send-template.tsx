// A template in the place of what could not go: chosen of those that may, with the values that nobody else knows.
import { useEffect, useState } from 'preact/hooks'
import type { Message, OwnConversation, Template } from '../../../shared/model.ts'
import { renderTemplate } from '../../../shared/templates.ts'
import { Button } from '../../parts/button.tsx'
import { Field } from '../../parts/field.tsx'
import { MessagePreview } from '../../parts/message-preview.tsx'
import { Problem } from '../../parts/problem.tsx'
import type { LogProps } from './log-props.ts'

interface SendTemplateProps extends LogProps {
  message: Message
  conversation: OwnConversation
  onSent(message: Message): void
  onCancel(): void
}

const MOST = 100

export function SendTemplate({ api, words, message, conversation, onSent, onCancel }: SendTemplateProps) {
  const [templates, setTemplates] = useState<Template[] | null>(null)
  const [chosen, setChosen] = useState<Template | null>(null)
  const [values, setValues] = useState<Record<string, string>>({})
  const [isBusy, setIsBusy] = useState(false)
  const [problem, setProblem] = useState<unknown>(null)
  useEffect(() => {
    api.get<{ items: Template[] }>('/api/templates', { limit: MOST }).then(({ items }) => {
      const able = items.filter(
        ({ approved, inWindow }) => approved || (inWindow && conversation.window.open) || conversation.channel === 'sms',
      )
      setTemplates(able)
      setChosen(able[0] ?? null)
    }, setProblem)
  }, [api, conversation])

  async function send(event: Event): Promise<void> {
    event.preventDefault()
    if (chosen === null) return
    setIsBusy(true)
    setProblem(null)
    const { name, language } = chosen
    const given = Object.fromEntries(chosen.variables.flatMap((one) => (values[one]?.trim() ? [[one, values[one].trim()]] : [])))
    try {
      const body = {
        conversationId: conversation.id,
        template: { name, language, variables: given },
        clientMessageId: `template-${message.id}`.slice(0, 64),
      }
      onSent((await api.send<{ message: Message }>('POST', '/api/messages', body)).message)
    } catch (wrong) {
      setProblem(wrong)
    } finally {
      setIsBusy(false)
    }
  }

  return (
    <form class="send-template" onSubmit={(event) => void send(event)}>
      {templates !== null && templates.length === 0 && <p>{words.noTemplates}</p>}
      {chosen !== null && templates !== null && (
        <>
          <Field label={words.template}>
            {(control) => (
              <select
                {...control}
                class="field"
                value={keyOf(chosen)}
                onChange={(event) => setChosen(templates[event.currentTarget.selectedIndex] ?? null)}
              >
                {templates.map((one) => (
                  <option key={keyOf(one)} value={keyOf(one)}>{`${one.name} · ${one.language}`}</option>
                ))}
              </select>
            )}
          </Field>
          {chosen.variables.map((name) => (
            <Field key={name} label={name}>
              {(control) => (
                <input
                  {...control}
                  class="field"
                  value={values[name] ?? ''}
                  placeholder={chosen.defaults[name] ?? words.fromRecord}
                  onInput={(event) => setValues({ ...values, [name]: event.currentTarget.value })}
                />
              )}
            </Field>
          ))}
          <MessagePreview channel={conversation.channel} text={renderTemplate(chosen.body, shown(values))} />
        </>
      )}
      <Problem error={problem} />
      <div class="actions">
        {chosen !== null && (
          <Button type="submit" kind="primary" isBusy={isBusy}>
            {words.sendIt}
          </Button>
        )}
        <Button kind="quiet" onClick={onCancel}>
          {words.back}
        </Button>
      </div>
    </form>
  )
}

const keyOf = ({ name, language }: Template) => `${name} ${language}`
const shown = (values: Record<string, string>) => Object.fromEntries(Object.entries(values).filter(([, value]) => value.trim() !== ''))
