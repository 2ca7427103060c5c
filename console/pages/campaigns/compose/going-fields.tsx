// When it goes, how fast, and whether somebody looks at the first ones.
import { fill } from '../../../../widget/locales/format.ts'
import { Choice } from '../../../parts/choice.tsx'
import { useShell } from '../../../shell.ts'
import { TextField } from './fields.tsx'
import type { FormProps } from './form-props.ts'

const times = ['now', 'at', 'local'] as const

export function WhenFields({ draft, change, faults, words: { compose } }: FormProps) {
  const { timezone } = useShell()
  const fault = faults.time && compose.faults[faults.time]
  return (
    <fieldset class="card part">
      <legend>{compose.when}</legend>
      <Choice
        legend={compose.when}
        isLegendHidden
        value={draft.when}
        options={times.map((value) => ({ value, ...compose.times[value] }))}
        onChange={(when) => change({ when })}
      />
      {draft.when !== 'now' && (
        <div class="pair">
          <TextField label={compose.day} type="date" value={draft.day} onChange={(day) => change({ day })} fault={fault} />
          <TextField
            label={compose.hour}
            type="time"
            value={draft.hour}
            onChange={(hour) => change({ hour })}
            hint={draft.when === 'at' ? fill(compose.zone, { zone: timezone.replaceAll('_', ' ') }) : compose.times.local.hint}
          />
        </div>
      )}
    </fieldset>
  )
}

export function PaceFields({ draft, change, faults, words: { compose } }: FormProps) {
  return (
    <fieldset class="card part">
      <legend>{compose.pace}</legend>
      <div class="pair">
        <TextField
          label={compose.perSecond}
          type="number"
          max={1000}
          value={draft.perSecond}
          onChange={(perSecond) => change({ perSecond })}
          fault={faults.perSecond && compose.faults[faults.perSecond]}
        />
        {draft.hasSlice && (
          <TextField
            label={compose.sliceSize}
            type="number"
            max={100_000}
            value={draft.slice}
            onChange={(slice) => change({ slice })}
            fault={faults.slice && compose.faults[faults.slice]}
          />
        )}
      </div>
      <label class="check">
        <input type="checkbox" checked={draft.hasSlice} onChange={({ currentTarget }) => change({ hasSlice: currentTarget.checked })} />
        <span>
          {compose.slice}
          <small class="hint">{compose.sliceHint}</small>
        </span>
      </label>
    </fieldset>
  )
}
