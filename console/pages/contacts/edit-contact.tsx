// Corrects a contact: its name, its number on each channel, its details and tags.
import { useState } from 'preact/hooks'
import type { Channel, Contact } from '../../../shared/model.ts'
import { fill } from '../../../widget/locales/format.ts'
import { Icon } from '../../../widget/panel/icon.tsx'
import { Button } from '../../parts/button.tsx'
import { Field } from '../../parts/field.tsx'
import { Problem } from '../../parts/problem.tsx'
import { contactPath } from './contact-address.ts'
import type { ContactProps } from './contact-props.ts'

const channels = ['whatsapp', 'sms'] as const

/** A detail while it is written: it keeps its place whatever its name becomes. */
interface Detail {
  key: number
  name: string
  value: string
}

const numberOf = ({ addresses }: Contact, channel: Channel): string => addresses.find((one) => one.channel === channel)?.phone ?? ''

interface EditProps extends ContactProps {
  contact: Contact
  onSaved(contact: Contact): void
  onCancel(): void
}

export function EditContact({ api, words, contact, onSaved, onCancel }: EditProps) {
  const [name, setName] = useState(contact.name)
  const [numbers, setNumbers] = useState({ whatsapp: numberOf(contact, 'whatsapp'), sms: numberOf(contact, 'sms') })
  const [details, setDetails] = useState<Detail[]>(() =>
    Object.entries(contact.attributes).map(([detail, value], key) => ({ key, name: detail, value })),
  )
  const [tags, setTags] = useState(contact.tags.join(', '))
  const [isBusy, setIsBusy] = useState(false)
  const [problem, setProblem] = useState<unknown>(null)

  async function save(event: Event): Promise<void> {
    event.preventDefault()
    setIsBusy(true)
    setProblem(null)
    try {
      const change = changeOf(contact, { name, numbers, details, tags })
      if (Object.keys(change).length === 0) return onCancel()
      const { contact: saved } = await api.send<{ contact: Contact }>('PATCH', contactPath(contact.id), change)
      onSaved(saved)
    } catch (wrong) {
      setProblem(wrong)
    } finally {
      setIsBusy(false)
    }
  }

  const changeDetail = (key: number, part: Partial<Detail>) =>
    setDetails(details.map((one) => (one.key === key ? { ...one, ...part } : one)))
  return (
    <form class="edit-contact" onSubmit={(event) => void save(event)}>
      <Field label={words.name}>
        {(control) => (
          <input {...control} class="field" value={name} maxLength={120} required onInput={(event) => setName(event.currentTarget.value)} />
        )}
      </Field>
      <div class="pair">
        {channels.map((channel) => (
          <Field key={channel} label={fill(words.number, { channel: words.channels[channel] })}>
            {(control) => (
              <input
                {...control}
                class="field"
                type="tel"
                value={numbers[channel]}
                onInput={(event) => setNumbers({ ...numbers, [channel]: event.currentTarget.value })}
              />
            )}
          </Field>
        ))}
      </div>
      <Field label={words.tags} hint={words.tagsHint}>
        {(control) => <input {...control} class="field" value={tags} onInput={(event) => setTags(event.currentTarget.value)} />}
      </Field>
      <fieldset class="group">
        <legend>{words.attributes}</legend>
        {details.map(({ key, name: detail, value }) => (
          <div key={key} class="detail">
            <input
              class="field"
              aria-label={words.attributeName}
              placeholder={words.attributeName}
              value={detail}
              maxLength={64}
              onInput={(event) => changeDetail(key, { name: event.currentTarget.value })}
            />
            <input
              class="field"
              aria-label={detail === '' ? words.attributeValue : detail}
              placeholder={words.attributeValue}
              value={value}
              maxLength={500}
              onInput={(event) => changeDetail(key, { value: event.currentTarget.value })}
            />
            <button
              type="button"
              class="ib"
              aria-label={fill(words.removeAttribute, { name: detail })}
              onClick={() => setDetails(details.filter((one) => one.key !== key))}
            >
              <Icon name="close" class="s16" />
            </button>
          </div>
        ))}
        <Button
          isSmall
          icon="plus"
          onClick={() => setDetails([...details, { key: Math.max(0, ...details.map(({ key }) => key)) + 1, name: '', value: '' }])}
        >
          {words.addAttribute}
        </Button>
      </fieldset>
      <Problem error={problem} />
      <div class="actions end">
        <Button onClick={onCancel}>{words.cancel}</Button>
        <Button kind="primary" type="submit" isBusy={isBusy}>
          {isBusy ? words.saving : words.save}
        </Button>
      </div>
    </form>
  )
}

interface Written {
  name: string
  numbers: Record<Channel, string>
  details: Detail[]
  tags: string
}

/** Only what changed: whoever corrects a name says nothing about the rest. */
export function changeOf(contact: Contact, written: Written): Record<string, unknown> {
  const change: Record<string, unknown> = {}
  if (written.name.trim() !== contact.name) change.name = written.name.trim()
  const addresses = channels.flatMap((channel) => {
    const phone = written.numbers[channel].trim()
    return phone === '' || phone === numberOf(contact, channel) ? [] : [{ channel, phone }]
  })
  if (addresses.length > 0) change.addresses = addresses
  const attributes = Object.fromEntries(written.details.flatMap(({ name, value }) => (name.trim() === '' ? [] : [[name.trim(), value]])))
  if (JSON.stringify(attributes) !== JSON.stringify(contact.attributes)) change.attributes = attributes
  const tags = tagsFrom(written.tags)
  if (tags.join() !== contact.tags.join()) change.tags = tags
  return change
}

export const tagsFrom = (text: string): string[] => [
  ...new Set(
    text
      .split(',')
      .map((one) => one.trim())
      .filter((one) => one !== ''),
  ),
]
