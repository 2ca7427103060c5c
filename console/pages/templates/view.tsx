// One template: where it stands with WhatsApp and why, what it says, what it needs. Its state is followed while WhatsApp decides.
import { useEffect, useState } from 'preact/hooks'
import type { Template } from '../../../shared/model.ts'
import { fill } from '../../../widget/locales/format.ts'
import { Button } from '../../parts/button.tsx'
import { Dialog } from '../../parts/dialog.tsx'
import { Loading } from '../../parts/loading.tsx'
import { MessagePreview } from '../../parts/message-preview.tsx'
import { Notice } from '../../parts/notice.tsx'
import { Problem } from '../../parts/problem.tsx'
import { useShell } from '../../shell.ts'
import { formatDay } from '../format.ts'
import { Back } from '../back.tsx'
import { goTo } from '../go.ts'
import { categoryText, qualityText, StatePill, stateHint } from './state.tsx'
import { pathOf } from './template-address.ts'
import type { TemplateProps } from './template-props.ts'

const LOOK_MS = 5000

/** WhatsApp has not decided. */
const isOpen = ({ status, whatsapp }: Template): boolean =>
  status === 'received' || status === 'pending' || (status === 'unsubmitted' && whatsapp !== null)

interface ViewProps extends TemplateProps {
  name: string
  language: string
  /** It has just been submitted. */
  isNew: boolean
}

export function TemplateView({ api, words, name, language, isNew }: ViewProps) {
  const [template, setTemplate] = useState<Template | null>(null)
  const [error, setError] = useState<unknown>(null)
  const [isAsking, setIsAsking] = useState(false)

  useEffect(() => {
    let isGone = false
    let timer: ReturnType<typeof setTimeout> | undefined
    async function look(): Promise<void> {
      try {
        const found = await api.get<Template>(pathOf(name, language))
        if (isGone) return
        setTemplate(found)
        setError(null)
        if (isOpen(found)) timer = setTimeout(() => void look(), LOOK_MS)
      } catch (wrong) {
        if (!isGone) setError(wrong)
      }
    }
    void look()
    return () => {
      isGone = true
      clearTimeout(timer)
    }
  }, [api, name, language])

  return (
    <>
      <header class="page-head">
        <Back href="#/templates">{words.back}</Back>
        <h1>{name}</h1>
        {template !== null && (
          <div class="page-actions">
            <a class="btn" href={`#/templates/new/${encodeURIComponent(name)}/${encodeURIComponent(language)}`}>
              {words.again}
            </a>
            <Button kind="danger" onClick={() => setIsAsking(true)}>
              {words.remove}
            </Button>
          </div>
        )}
      </header>
      <Problem error={error} />
      {template === null && error === null && <Loading />}
      {template !== null && isNew && isOpen(template) && (
        <Notice kind="good" title={words.form.sent}>
          {words.form.sentHint}
        </Notice>
      )}
      {template !== null && <Facts template={template} words={words} />}
      {isAsking && <Remove {...{ api, words, name, language }} onClose={() => setIsAsking(false)} />}
    </>
  )
}

function Facts({ template, words }: Pick<TemplateProps, 'words'> & { template: Template }) {
  const shell = useShell()
  const { body, variables, defaults, whatsapp, rejection, updatedAt, language } = template
  const facts: [name: string, value: string][] = [
    [words.language, language],
    [words.category, categoryText(template, words)],
    [words.type, words.types[template.type]],
    [words.quality, qualityText(template, words)],
    [words.variables, variables.join(', ')],
    [
      words.defaults,
      Object.entries(defaults)
        .map(([name, value]) => `${name}: ${value}`)
        .join(' · '),
    ],
    [words.sid, whatsapp?.contentSid ?? ''],
    [words.changed, formatDay(shell, updatedAt)],
  ]
  return (
    <div class="template-view">
      <section class="card">
        <p aria-live="polite">
          <StatePill template={template} words={words} />
        </p>
        <p class="muted">{stateHint(template, words)}</p>
        {rejection !== null && (
          <Notice kind="danger" title={words.rejection}>
            {rejection}
          </Notice>
        )}
        <dl class="facts">
          {facts.map(
            ([name, value]) =>
              value !== '' &&
              value !== '—' && (
                <div key={name}>
                  <dt>{name}</dt>
                  <dd>{value}</dd>
                </div>
              ),
          )}
        </dl>
      </section>
      <MessagePreview channel="whatsapp" text={body} />
    </div>
  )
}

interface RemoveProps extends Pick<ViewProps, 'api' | 'words' | 'name' | 'language'> {
  onClose(): void
}

function Remove({ api, words, name, language, onClose }: RemoveProps) {
  const [isBusy, setIsBusy] = useState(false)
  const [error, setError] = useState<unknown>(null)
  async function remove(): Promise<void> {
    setIsBusy(true)
    try {
      await api.send('DELETE', pathOf(name, language))
      goTo('#/templates')
    } catch (wrong) {
      setError(wrong)
      setIsBusy(false)
    }
  }
  return (
    <Dialog
      title={fill(words.removeAsk, { name, language })}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>{words.form.cancel}</Button>
          <Button kind="danger" isBusy={isBusy} onClick={() => void remove()}>
            {isBusy ? words.removing : words.remove}
          </Button>
        </>
      }
    >
      <p>{words.removeHint}</p>
      <Problem error={error} />
    </Dialog>
  )
}
