// What can be done with a campaign now. Whatever makes messages go, or ends it, is asked about before.
import { useState } from 'preact/hooks'
import type { CampaignShown } from '../../../shared/campaigns.ts'
import { fill } from '../../../widget/locales/format.ts'
import type { Api } from '../../api.ts'
import { Button } from '../../parts/button.tsx'
import { Dialog } from '../../parts/dialog.tsx'
import { Problem } from '../../parts/problem.tsx'
import { useShell } from '../../shell.ts'
import { startText } from './start-text.ts'
import type { CampaignWords } from './words.ts'

type Step = 'start' | 'pause' | 'resume' | 'cancel'

interface StepsProps {
  api: Api
  campaign: CampaignShown
  words: CampaignWords
  onChanged(campaign: CampaignShown): void
}

export function Steps({ api, campaign, words, onChanged }: StepsProps) {
  const [asked, ask] = useState<Exclude<Step, 'pause'> | null>(null)
  const [isBusy, setIsBusy] = useState(false)
  const [error, setError] = useState<unknown>(null)
  const { status, pause, id } = campaign
  const ends = status === 'done' || status === 'canceled'

  async function take(step: Step): Promise<void> {
    setIsBusy(true)
    setError(null)
    try {
      const { campaign: changed } = await api.send<{ campaign: CampaignShown }>('POST', `/api/campaigns/${encodeURIComponent(id)}/${step}`)
      ask(null)
      onChanged(changed)
    } catch (wrong) {
      setError(wrong)
    } finally {
      setIsBusy(false)
    }
  }

  function open(step: Exclude<Step, 'pause'>): void {
    setError(null)
    ask(step)
  }

  return (
    <div class="actions">
      {(status === 'draft' || ends) && (
        <a class="btn" href={`#/campaigns/new?from=${encodeURIComponent(id)}`}>
          {ends ? words.steps.again : words.steps.change}
        </a>
      )}
      {!ends && (
        <Button kind="danger" onClick={() => open('cancel')}>
          {words.steps.cancel}
        </Button>
      )}
      {(status === 'running' || status === 'scheduled') && (
        <Button isBusy={isBusy} onClick={() => void take('pause')}>
          {words.steps.pause}
        </Button>
      )}
      {status === 'paused' && (
        <Button kind="primary" onClick={() => open('resume')}>
          {pause?.reason === 'look' ? words.steps.goOn : words.steps.resume}
        </Button>
      )}
      {status === 'draft' && (
        <Button kind="primary" onClick={() => open('start')}>
          {words.steps.start}
        </Button>
      )}
      {asked === null ? (
        <Problem error={error} />
      ) : (
        <Question
          step={asked}
          campaign={campaign}
          words={words}
          isBusy={isBusy}
          error={error}
          onYes={() => void take(asked)}
          onNo={() => ask(null)}
        />
      )}
    </div>
  )
}

interface QuestionProps {
  step: Exclude<Step, 'pause'>
  campaign: CampaignShown
  words: CampaignWords
  isBusy: boolean
  error: unknown
  onYes(): void
  onNo(): void
}

function Question({ step, campaign, words, isBusy, error, onYes, onNo }: QuestionProps) {
  const shell = useShell()
  const when = startText(shell, words, campaign)
  const { title, text, go } = words.ask[step === 'start' && when !== null ? 'schedule' : step]
  return (
    <Dialog
      title={fill(title, { name: campaign.name })}
      onClose={onNo}
      actions={
        <>
          <Button onClick={onNo}>{shell.words.cancel}</Button>
          <Button kind={step === 'cancel' ? 'danger' : 'primary'} isBusy={isBusy} onClick={onYes}>
            {go}
          </Button>
        </>
      }
    >
      <p>{fill(text, { when: when ?? '' })}</p>
      <Problem error={error} />
    </Dialog>
  )
}
