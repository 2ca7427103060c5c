// The buttons of a template: answers, links, a number to call; their order is that of the phone.
import { Icon } from '../../../widget/panel/icon.tsx'
import type { IconName } from '../../../widget/panel/icons.ts'
import { Button } from '../../parts/button.tsx'
import { newButton, type DraftButton } from './draft.ts'
import { Faults, type FormProps, idOf, Place } from './place.tsx'

const types = ['reply', 'url', 'phone'] as const
const MOST = 10
const up = 'M10 16.25V3.75M4.75 9 10 3.75 15.25 9'

export function ButtonsField(props: FormProps) {
  const { state, words } = props
  const { form } = words
  const { buttons } = state.draft
  const labels = { reply: form.addReply, url: form.addLink, phone: form.addCall }
  const put = (next: DraftButton[]) => state.change({ buttons: next })
  const changeAt = (at: number, part: Partial<DraftButton>) => put(buttons.map((one, index) => (index === at ? { ...one, ...part } : one)))
  function add(type: DraftButton['type']): void {
    put([...buttons, newButton(type)])
    requestAnimationFrame(() => document.getElementById(idOf(`buttons.${buttons.length}.text`))?.focus())
  }
  function remove(at: number): void {
    put(buttons.filter((_, index) => index !== at))
    // Focus stays in the list: a screen reader would begin the page anew.
    requestAnimationFrame(() => document.getElementById('template-buttons')?.focus())
  }
  function move(at: number, by: number): void {
    const next = [...buttons]
    const [one] = next.splice(at, 1)
    if (one) next.splice(at + by, 0, one)
    put(next)
  }
  return (
    <fieldset class="group" id="template-buttons" tabIndex={-1}>
      <legend>
        {form.buttons} <span class="muted">· {form.optional}</span>
      </legend>
      <p class="hint">{form.buttonsHint}</p>
      <Faults path="buttons" {...props} />
      <ol class="made">
        {buttons.map((one, at) => (
          // A button has no name of its own: its place is what it is.
          <li key={at}>
            <div class="made-head">
              <b>{form.buttonTypes[one.type]}</b>
              <span class="grow" />
              <IconButton icon={up} label={named(form.up, at)} isDisabled={at === 0} onClick={() => move(at, -1)} />
              <IconButton icon="newest" label={named(form.down, at)} isDisabled={at === buttons.length - 1} onClick={() => move(at, 1)} />
              <IconButton icon="close" label={named(form.removeButton, at)} onClick={() => remove(at)} />
            </div>
            <div class="pair">
              <Place {...props} path={`buttons.${at}.text`} label={form.buttonText}>
                {(control) => (
                  <input
                    {...control}
                    class="field"
                    value={one.text}
                    maxLength={60}
                    autocomplete="off"
                    onInput={(event) => changeAt(at, { text: event.currentTarget.value })}
                  />
                )}
              </Place>
              <Target {...props} at={at} button={one} change={(part) => changeAt(at, part)} />
            </div>
          </li>
        ))}
      </ol>
      <div class="actions">
        {types.map((type) => (
          <Button key={type} isSmall icon="plus" isDisabled={buttons.length >= MOST} onClick={() => add(type)}>
            {labels[type]}
          </Button>
        ))}
      </div>
    </fieldset>
  )
}

const named = (text: string, at: number): string => text.replace('{n}', String(at + 1))

interface IconButtonProps {
  icon: IconName
  label: string
  isDisabled?: boolean
  onClick(): void
}

function IconButton({ icon, label, isDisabled, onClick }: IconButtonProps) {
  return (
    <button type="button" class="ib" disabled={isDisabled} aria-label={label} title={label} onClick={onClick}>
      <Icon name={icon} class="s16" />
    </button>
  )
}

interface TargetProps extends FormProps {
  at: number
  button: DraftButton
  change(part: Partial<DraftButton>): void
}

/** What the button does. */
function Target({ at, button, change, ...props }: TargetProps) {
  const { form } = props.words
  if (button.type === 'phone')
    return (
      <Place {...props} path={`buttons.${at}.phone`} label={form.phone}>
        {(control) => (
          <input
            {...control}
            class="field"
            type="tel"
            value={button.phone}
            placeholder="+54 9 11 …"
            onInput={(event) => change({ phone: event.currentTarget.value })}
          />
        )}
      </Place>
    )
  if (button.type === 'url')
    return (
      <Place {...props} path={`buttons.${at}.url`} label={form.url} hint={form.urlHint}>
        {(control) => (
          <input
            {...control}
            class="field"
            inputMode="url"
            value={button.url}
            placeholder="https://…"
            onInput={(event) => change({ url: event.currentTarget.value })}
          />
        )}
      </Place>
    )
  return (
    <Place {...props} path={`buttons.${at}.payload`} label={form.payload} hint={form.payloadHint} isOptional>
      {(control) => (
        <input
          {...control}
          class="field"
          value={button.payload}
          autocapitalize="off"
          autocomplete="off"
          onInput={(event) => change({ payload: event.currentTarget.value })}
        />
      )}
    </Place>
  )
}
