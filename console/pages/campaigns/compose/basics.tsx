// Its name, and by which channel, number and purpose it goes.
import type { Sender } from '../../../../shared/events.ts'
import { formatPhone } from '../../../../widget/locales/format-phone.ts'
import { SelectField, TextField } from './fields.tsx'
import type { FormProps } from './form-props.ts'

const channels = ['whatsapp', 'sms'] as const
const purposes = ['marketing', 'service', 'reminder', 'collection'] as const

export function Basics({ draft, change, faults, words, senders }: FormProps & { senders: readonly Sender[] }) {
  const { compose } = words
  const own = senders.filter((one) => one.channel === draft.channel)
  return (
    <div class="card part">
      <TextField
        label={compose.name}
        value={draft.name}
        onChange={(name) => change({ name })}
        hint={compose.nameHint}
        fault={faults.name && compose.faults[faults.name]}
        max={120}
      />
      <div class="pair">
        <SelectField
          label={compose.channel}
          value={draft.channel}
          options={channels.map((value) => ({ value, label: words.channels[value] }))}
          onChange={(channel) => change({ channel, from: '', template: '', templateB: '' })}
        />
        {own.length > 1 && (
          <SelectField
            label={compose.sender}
            value={draft.from}
            options={[{ value: '', label: '–' }, ...own.map(({ sender }) => ({ value: sender ?? '', label: formatPhone(sender ?? '') }))]}
            onChange={(from) => change({ from })}
          />
        )}
        <SelectField
          label={compose.purpose}
          value={draft.purpose}
          options={purposes.map((value) => ({ value, label: words.purposes[value] }))}
          onChange={(purpose) => change({ purpose })}
          hint={compose.purposeHint}
        />
      </div>
    </div>
  )
}
