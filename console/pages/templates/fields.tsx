// What a template may have beside its text: a header or a file, a footer, what belongs to a code, samples.
import { Choice } from '../../parts/choice.tsx'
import { type Top, variablesOf } from './draft.ts'
import { type FormProps, Place } from './place.tsx'

const tops: readonly Top[] = ['none', 'text', 'media']

export function TopFields(props: FormProps) {
  const { state, words } = props
  const { form } = words
  const { top, header, media } = state.draft
  return (
    <>
      <Choice
        legend={form.top}
        value={top}
        options={tops.map((value) => ({ value, label: form.tops[value] }))}
        onChange={(next) => state.change({ top: next })}
      />
      {top === 'text' && (
        <Place {...props} path="header" label={form.header}>
          {(control) => (
            <input
              {...control}
              class="field"
              dir="auto"
              value={header}
              onInput={(event) => {
                state.change({ header: event.currentTarget.value })
                state.touch('header')
              }}
            />
          )}
        </Place>
      )}
      {top === 'media' && (
        <Place {...props} path="media" label={form.media} hint={form.mediaHint}>
          {(control) => (
            <input
              {...control}
              class="field"
              inputMode="url"
              value={media}
              placeholder="https://…/foto.jpg"
              onInput={(event) => state.change({ media: event.currentTarget.value })}
            />
          )}
        </Place>
      )}
    </>
  )
}

export function FooterField(props: FormProps) {
  const { state, words } = props
  return (
    <Place {...props} path="footer" label={words.form.footer} isOptional>
      {(control) => (
        <input
          {...control}
          class="field"
          dir="auto"
          value={state.draft.footer}
          onInput={(event) => {
            state.change({ footer: event.currentTarget.value })
            state.touch('footer')
          }}
        />
      )}
    </Place>
  )
}

export function CodeFields(props: FormProps) {
  const { state, words } = props
  const { form } = words
  const { expiresInMinutes, warning, copyButton } = state.draft
  return (
    <>
      <div class="pair">
        <Place {...props} path="code.expiresInMinutes" label={form.minutes} hint={form.minutesHint} isOptional>
          {(control) => (
            <input
              {...control}
              class="field"
              inputMode="numeric"
              value={expiresInMinutes}
              onInput={(event) => state.change({ expiresInMinutes: event.currentTarget.value })}
            />
          )}
        </Place>
        <Place {...props} path="code.button" label={form.copyButton} isOptional>
          {(control) => (
            <input
              {...control}
              class="field"
              value={copyButton}
              onInput={(event) => state.change({ copyButton: event.currentTarget.value })}
            />
          )}
        </Place>
      </div>
      <label class="check">
        <input type="checkbox" checked={warning} onChange={(event) => state.change({ warning: event.currentTarget.checked })} />
        <span>{form.warning}</span>
      </label>
    </>
  )
}

export function Samples(props: FormProps) {
  const { state, words } = props
  const { form } = words
  const { samples } = state.draft
  const names = variablesOf(state.draft)
  if (names.length === 0) return null
  return (
    <fieldset class="group">
      <legend>{form.samples}</legend>
      <p class="hint">{form.samplesHint}</p>
      <div class="pairs">
        {names.map((name) => (
          <Place key={name} {...props} path={`samples.${name}`} label={`{{${name}}}`}>
            {(control) => (
              <input
                {...control}
                class="field"
                dir="auto"
                aria-label={form.sampleOf.replace('{name}', name)}
                value={samples[name] ?? ''}
                onInput={(event) => state.change({ samples: { ...samples, [name]: event.currentTarget.value } })}
              />
            )}
          </Place>
        ))}
      </div>
    </fieldset>
  )
}
