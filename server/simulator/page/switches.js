// The switches of one phone, of Twilio and of WhatsApp's templates, each with the value that it means when it is on.
import { make } from './elements.js'
import { say } from './words.js'

export const phoneSwitches = { readAfterMs: 2000, phoneOff: true, notOnWhatsApp: true, blocked: true }
export const twilioSwitches = {
  rateLimit: 'alternate',
  answerLost: 1,
  timeoutAfterAccepting: 1,
  duplicateCallbacks: 1,
  delayedCallbacks: 1,
  lostCallbacks: 1,
  lostWebhooks: 1,
  listDelayMs: 10_000,
  error500: 1,
}
export const templateSwitches = {
  templatesWait: true,
  templatesRejected: true,
  templatesPaused: true,
  templatesMarketing: true,
  templatesDisliked: true,
  lostTemplateEvents: 1,
}
const offValue = (name) => (name === 'readAfterMs' ? null : name === 'listDelayMs' ? 0 : false)
const isOn = (value) => value !== null && value !== undefined && value !== false && value !== 0

/** Fills `card`; `change({ name: value })` is called when somebody switches. */
export function createSwitches(card, values, change) {
  const inputs = new Map()
  for (const [name, on] of Object.entries(values)) {
    const [title, detail] = say[name]
    const input = make('input', {
      type: 'checkbox',
      role: 'switch',
      'aria-labelledby': `${name}-title`,
      'aria-describedby': `${name}-detail`,
    })
    input.addEventListener('change', () => change({ [name]: input.checked ? on : offValue(name) }))
    inputs.set(name, input)
    card.append(
      make(
        'label',
        { class: 'switch', title: detail },
        make(
          'span',
          { class: 'words' },
          make('b', { id: `${name}-title`, text: title }),
          make('small', { id: `${name}-detail`, text: detail }),
        ),
        input,
        make('span', { class: 'track', 'aria-hidden': 'true' }),
      ),
    )
  }
  return {
    show(current) {
      for (const [name, input] of inputs) input.checked = isOn(current[name])
    },
  }
}
