// One client's wish, noted by hand.
import { useState } from 'preact/hooks'
import type { Channel, OptOutScope } from '../../../shared/model.ts'
import { Button } from '../../parts/button.tsx'
import { Choice } from '../../parts/choice.tsx'
import { Dialog } from '../../parts/dialog.tsx'
import { Field } from '../../parts/field.tsx'
import { Problem } from '../../parts/problem.tsx'
import type { ContactProps } from './contact-props.ts'

const channels = ['whatsapp', 'sms'] as const
const scopes = ['all', 'marketing'] as const

export function NoteOptOut({ api, words, onClose, onDone }: ContactProps & { onClose(): void; onDone(text: string): void }) {
  const [to, setTo] = useState('')
  const [channel, setChannel] = useState<Channel>('whatsapp')
  const [scope, setScope] = useState<OptOutScope>('all')
  const [isBusy, setIsBusy] = useState(false)
  const [problem, setProblem] = useState<unknown>(null)
  const { opt } = words

  async function save(): Promise<void> {
    setIsBusy(true)
    setProblem(null)
    try {
      const { changed } = await api.send<{ changed: boolean }>('POST', '/api/opt-outs', { channel, to: to.trim(), scope, source: 'agent' })
      onDone(changed ? opt.added : opt.same)
    } catch (wrong) {
      setProblem(wrong)
      setIsBusy(false)
    }
  }

  return (
    <Dialog
      title={opt.addTitle}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>{words.cancel}</Button>
          <Button kind="primary" isDisabled={to.trim() === ''} isBusy={isBusy} onClick={() => void save()}>
            {words.save}
          </Button>
        </>
      }
    >
      <Field label={opt.number}>
        {(control) => (
          <input
            {...control}
            class="field"
            type="tel"
            value={to}
            placeholder="+54 9 11 …"
            onInput={(event) => setTo(event.currentTarget.value)}
          />
        )}
      </Field>
      <Choice
        legend={opt.channel}
        value={channel}
        options={channels.map((value) => ({ value, label: words.channels[value] }))}
        onChange={(next) => setChannel(next)}
      />
      <Choice
        legend={opt.scope}
        value={scope}
        options={scopes.map((value) => ({ value, label: words.scopes[value] }))}
        onChange={(next) => setScope(next)}
      />
      <Problem error={problem} />
    </Dialog>
  )
}
