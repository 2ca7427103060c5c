// Whom it is for.
import { Choice } from '../../../parts/choice.tsx'
import { FileField } from './file-field.tsx'
import { LinesField, TextField } from './fields.tsx'
import type { FormProps } from './form-props.ts'

const kinds = ['all', 'tag', 'field', 'coordinations', 'phones', 'upload'] as const

export function AudienceFields(props: FormProps) {
  const { draft, change, faults, words } = props
  const { compose } = words
  return (
    <fieldset class="card part">
      <legend>{compose.audience}</legend>
      <Choice
        legend={compose.audience}
        isLegendHidden
        value={draft.audience}
        options={kinds.map((value) => ({ value, ...compose.audiences[value] }))}
        onChange={(audience) => change({ audience })}
      />
      {draft.audience === 'tag' && (
        <TextField
          label={compose.tag}
          value={draft.tag}
          onChange={(tag) => change({ tag })}
          fault={faults.tag && compose.faults[faults.tag]}
          max={60}
        />
      )}
      {draft.audience === 'field' && (
        <div class="pair">
          <TextField
            label={compose.field}
            value={draft.field}
            onChange={(field) => change({ field })}
            hint={compose.fieldHint}
            fault={faults.field && compose.faults[faults.field]}
            max={80}
          />
          <TextField label={compose.value} value={draft.value} onChange={(value) => change({ value })} max={500} />
        </div>
      )}
      {draft.audience === 'coordinations' && (
        <LinesField
          label={compose.ids}
          value={draft.ids}
          onChange={(ids) => change({ ids })}
          hint={compose.onePerLine}
          fault={faults.ids && compose.faults[faults.ids]}
        />
      )}
      {draft.audience === 'phones' && (
        <LinesField
          label={compose.phones}
          value={draft.phones}
          onChange={(phones) => change({ phones })}
          hint={compose.onePerLine}
          fault={faults.phones && compose.faults[faults.phones]}
        />
      )}
      {draft.audience === 'upload' && <FileField {...props} />}
    </fieldset>
  )
}
