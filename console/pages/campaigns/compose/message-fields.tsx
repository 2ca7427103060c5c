// What is said: a template or two that are compared, or a text; and the values that are the same for all.
import { countParts } from '../../../../shared/segments.ts'
import { fill } from '../../../../widget/locales/format.ts'
import { Choice } from '../../../parts/choice.tsx'
import { count, useShell } from '../../../shell.ts'
import { keyOf, neededBy } from './draft.ts'
import { LinesField, SelectField, TextField } from './fields.tsx'
import type { FormProps } from './form-props.ts'

const TEXT_CHARS = 1600
/** Names whose values come from the contact itself. */
const known = /^(nombre|name|nome|cliente|client|contacto|contact)$/i

export function MessageFields(props: FormProps) {
  const { draft, change, faults, words } = props
  const { locale } = useShell()
  const { compose } = words
  const isSms = draft.channel === 'sms'
  const kinds = (['template', 'text'] as const).map((value) => ({ value, ...compose.kinds[value], ...(isSms ? { hint: '' } : {}) }))
  const parts = countParts(draft.channel, draft.text)
  return (
    <fieldset class="card part">
      <legend>{compose.message}</legend>
      <Choice legend={compose.message} isLegendHidden value={draft.kind} options={kinds} onChange={(kind) => change({ kind })} />
      {draft.kind === 'text' ? (
        <>
          <LinesField
            label={compose.text}
            value={draft.text}
            onChange={(text) => change({ text })}
            hint={compose.textHint}
            fault={faults.text && compose.faults[faults.text]}
            max={TEXT_CHARS}
          />
          {isSms && draft.text !== '' && <p class="hint num">{count(locale, compose.segments, parts)}</p>}
        </>
      ) : (
        <Templates {...props} />
      )}
      <Values {...props} />
    </fieldset>
  )
}

function Templates({ draft, change, faults, templates, words }: FormProps) {
  const { compose } = words
  const options = [
    { value: '', label: compose.chooseTemplate },
    ...templates.map((one) => ({ value: keyOf(one), label: [one.name, one.language, one.category].filter(Boolean).join(' · ') })),
  ]
  const chosen = templates.find((one) => keyOf(one) === draft.template)
  const isWindowOnly = draft.channel === 'whatsapp' && chosen !== undefined && !chosen.approved
  return (
    <>
      <SelectField
        label={draft.compares ? `${compose.template} A` : compose.template}
        value={draft.template}
        options={options}
        onChange={(template) => change({ template })}
        hint={templates.length === 0 ? compose.noTemplates : isWindowOnly ? compose.inWindow : undefined}
        fault={faults.template && compose.faults[faults.template]}
      />
      <label class="check">
        <input type="checkbox" checked={draft.compares} onChange={({ currentTarget }) => change({ compares: currentTarget.checked })} />
        <span>{compose.compare}</span>
      </label>
      {draft.compares && (
        <SelectField
          label={`${compose.templateB} (B)`}
          value={draft.templateB}
          options={options}
          onChange={(templateB) => change({ templateB })}
          fault={faults.templateB && compose.faults[faults.templateB]}
        />
      )}
    </>
  )
}

function Values({ draft, change, templates, words: { compose } }: FormProps) {
  const names = neededBy(draft, templates)
  if (names.length === 0) return null
  const inFile = (name: string) => draft.audience === 'upload' && draft.columns.includes(`value:${name}`)
  return (
    <div class="values">
      <p class="hint">{compose.valuesHint}</p>
      <div class="pair">
        {names.map((name) => (
          <TextField
            key={name}
            label={fill('{name}', { name })}
            value={draft.variables[name] ?? ''}
            onChange={(value) => change({ variables: { ...draft.variables, [name]: value } })}
            placeholder={inFile(name) ? compose.own : known.test(name) ? compose.known : ''}
            max={1024}
          />
        ))}
      </div>
    </div>
  )
}
