// A new campaign: written at the left, read at the right, kept as a draft.
import { useEffect, useRef, useState } from 'preact/hooks'
import type { CampaignShown } from '../../../../shared/campaigns.ts'
import { browserPage } from '../../../../widget/client/page.ts'
import { fill } from '../../../../widget/locales/format.ts'
import { Icon } from '../../../../widget/panel/icon.tsx'
import type { Api } from '../../../api.ts'
import { Button } from '../../../parts/button.tsx'
import { Loading } from '../../../parts/loading.tsx'
import { Notice } from '../../../parts/notice.tsx'
import { Problem } from '../../../parts/problem.tsx'
import { Progress } from '../../../parts/progress.tsx'
import { useShell } from '../../../shell.ts'
import type { CampaignWords } from '../words.ts'
import { AudienceFields } from './audience-fields.tsx'
import { type Draft, draftOf, faultsOf, newDraft } from './draft.ts'
import { Basics } from './basics.tsx'
import type { FormProps } from './form-props.ts'
import { PaceFields, WhenFields } from './going-fields.tsx'
import { MessageFields } from './message-fields.tsx'
import { Preview } from './preview.tsx'
import { RejectedRows } from './rejected-rows.tsx'
import { type Saved, saveDraft } from './save.ts'
import { useFacts } from './use-facts.ts'

interface ComposeProps {
  api: Api
  words: CampaignWords
  /** Of the campaign that it begins with. */
  from: string | null
}

export function Compose({ api, words, from }: ComposeProps) {
  const { timezone } = useShell()
  const { compose } = words
  const [draft, setDraft] = useState<Draft>(newDraft)
  const [source, setSource] = useState<CampaignShown | null>(null)
  const facts = useFacts(api)
  const [isTried, setIsTried] = useState(false)
  const [progress, setProgress] = useState<number | null>(null)
  const [isBusy, setIsBusy] = useState(false)
  const [error, setError] = useState<unknown>(null)
  const [saved, setSaved] = useState<Saved | null>(null)
  /** The same content again is the same campaign; other content is another one. */
  const last = useRef({ content: '', key: '' })
  const form = useRef<HTMLFormElement>(null)

  useEffect(() => {
    if (from === null) return
    api.get<CampaignShown>(`/api/campaigns/${encodeURIComponent(from)}`).then((found) => {
      setSource(found)
      setDraft(draftOf(found))
    }, setError)
  }, [api, from])

  const usable = facts.templates.filter(
    (one) => !one.gone && (draft.channel === 'sms' ? one.type === 'text' : one.approved || one.inWindow),
  )
  const allFaults = faultsOf(draft, usable, timezone, Date.now())
  const change = (part: Partial<Draft>) => setDraft((before) => ({ ...before, ...part }))
  const props: FormProps = { draft, change, faults: isTried ? allFaults : {}, templates: usable, words }

  async function save(event: Event): Promise<void> {
    event.preventDefault()
    setIsTried(true)
    if (isBusy) return
    if (Object.keys(allFaults).length > 0) {
      // Once they are drawn: the first of them takes the focus.
      requestAnimationFrame(() => form.current?.querySelector<HTMLElement>('[aria-invalid]')?.focus())
      return
    }
    const content = JSON.stringify(draft)
    if (last.current.content !== content) last.current = { content, key: browserPage().newId() }
    setIsBusy(true)
    setError(null)
    try {
      const done = await saveDraft({ api, draft, templates: usable, timezone, key: last.current.key, onProgress: setProgress })
      // What it replaces; should that fail, both drafts stand in the list.
      if (source?.status === 'draft') await api.send('POST', `/api/campaigns/${encodeURIComponent(source.id)}/cancel`).catch(() => {})
      if (done.rejected.length === 0) location.hash = `#/campaigns/${done.campaign.id}`
      else setSaved(done)
    } catch (wrong) {
      setError(wrong)
    } finally {
      setIsBusy(false)
      setProgress(null)
    }
  }

  // What is typed before it is there would be lost.
  if (from !== null && source === null) return error === null ? <Loading /> : <Problem error={error} />
  if (saved !== null) return <RejectedRows saved={saved} words={words} />
  return (
    <>
      <a class="crumb" href="#/campaigns">
        <Icon name="back" />
        {words.all}
      </a>
      <div class="page-head">
        <h1>{compose.title}</h1>
      </div>
      <p class="muted by">{compose.intro}</p>
      {source !== null && source.status === 'draft' && (
        <Notice>
          {fill(compose.copied, { name: source.name })} {source.audience.type === 'upload' && compose.fileAgain}
        </Notice>
      )}
      <Problem error={facts.error} onAgain={facts.again} />
      <form class="two" ref={form} noValidate onSubmit={(event) => void save(event)}>
        <div class="stack">
          <Basics {...props} senders={facts.senders} />
          <MessageFields {...props} />
          <AudienceFields {...props} />
          <WhenFields {...props} />
          <PaceFields {...props} />
          <Problem error={error} />
          {progress !== null && (
            <>
              <p class="muted" role="status">
                {compose.uploading}
              </p>
              <Progress label={compose.uploading} parts={[{ kind: 'active', n: progress }]} total={1} />
            </>
          )}
          <div class="actions end">
            <a class="btn" href="#/campaigns">
              {words.all}
            </a>
            <Button kind="primary" type="submit" isBusy={isBusy}>
              {isBusy ? compose.saving : compose.save}
            </Button>
          </div>
        </div>
        <Preview api={api} draft={draft} templates={usable} words={words} />
      </form>
    </>
  )
}
