// The text of a template: how long it is as WhatsApp counts it, and a variable put where the cursor stands.
import { useRef } from 'preact/hooks'
import { Button } from '../../parts/button.tsx'
import { charsOf, freeVariable, variablesOf, withVariable } from './draft.ts'
import { type FormProps, Place } from './place.tsx'

export function BodyField(props: FormProps) {
  const { state, words } = props
  const { form } = words
  const { draft } = state
  const box = useRef<HTMLTextAreaElement>(null)
  const { used, most } = charsOf(draft)
  const isCode = draft.category === 'AUTHENTICATION'

  function addVariable(): void {
    const area = box.current
    if (area === null) return
    const name = freeVariable(variablesOf(draft), form.variable)
    const put = withVariable(draft.body, name, area.selectionStart, area.selectionEnd)
    state.change({ body: put.text })
    // The name is chosen, to be written over.
    requestAnimationFrame(() => {
      area.focus()
      area.setSelectionRange(put.at - name.length - 2, put.at - 2)
    })
  }

  return (
    <Place
      {...props}
      path="body"
      label={form.body}
      hint={isCode ? form.codeBodyHint : form.bodyHint}
      aside={
        !isCode && (
          <span class={used > most ? 'num danger-text' : 'num muted'}>
            {form.chars.replace('{used}', String(used)).replace('{most}', String(most))}
          </span>
        )
      }
    >
      {(control) => (
        <>
          <textarea
            {...control}
            ref={box}
            class="field"
            dir="auto"
            rows={isCode ? 1 : 6}
            value={draft.body}
            onInput={(event) => {
              state.change({ body: event.currentTarget.value })
              state.touch('body')
            }}
          />
          {!isCode && (
            <div>
              <Button isSmall icon="plus" onClick={addVariable}>
                {form.addVariable}
              </Button>
            </div>
          )}
        </>
      )}
    </Place>
  )
}
