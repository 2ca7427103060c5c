// The filters of the log. What is chosen stands in the address at once; what is typed, once one pauses.
import { useEffect, useRef, useState } from 'preact/hooks'
import type { MessageStatus } from '../../../shared/model.ts'
import { Button } from '../../parts/button.tsx'
import { Field } from '../../parts/field.tsx'
import { SearchField } from '../search-field.tsx'
import { countFilters, type LogFilter, noFilter, statuses } from './filter.ts'
import type { LogWords } from './words.ts'

const authorTypes = ['contact', 'agent', 'automation', 'campaign', 'system'] as const
/** Seldom asked for: behind "more". */
const ids = ['automation', 'campaignId', 'coordinationId', 'contactId', 'conversationId'] as const

interface FiltersProps {
  filter: LogFilter
  words: LogWords
  /** `isTyped`: it is no step of its own. */
  onChange(part: Partial<LogFilter>, isTyped?: boolean): void
}

export function Filters({ filter, words, onChange }: FiltersProps) {
  const [all, showAll] = useState(() => [...ids, 'from' as const, 'to' as const].some((field) => filter[field] !== ''))
  const isAgent = filter.author !== '' && !authorTypes.some((type) => type === filter.author)
  const labels: Record<(typeof ids)[number], string> = {
    automation: words.automation,
    campaignId: words.campaign,
    coordinationId: words.record,
    contactId: words.contact,
    conversationId: words.conversation,
  }
  return (
    <search class="filters" aria-label={words.filters}>
      <div class="filters-row">
        <div class="filters-search">
          <SearchField label={words.search} value={filter.q} onChange={(q) => onChange({ q }, true)} />
        </div>
        <States chosen={filter.status} words={words} onChange={(status) => onChange({ status })} />
        <Chosen
          label={words.direction}
          value={filter.direction}
          options={[
            ['', words.directions.any],
            ['outbound', words.directions.outbound],
            ['inbound', words.directions.inbound],
            ['internal', words.directions.internal],
          ]}
          onChange={(direction) => onChange({ direction })}
        />
        <Chosen
          label={words.channel}
          value={filter.channel}
          options={[
            ['', words.anyChannel],
            ['whatsapp', words.channels.whatsapp],
            ['sms', words.channels.sms],
          ]}
          onChange={(channel) => onChange({ channel })}
        />
        <Chosen
          label={words.author}
          value={isAgent ? 'agent' : filter.author}
          options={[['', words.authors.any], ...authorTypes.map((type) => [type, words.authors[type]] as const)]}
          onChange={(author) => onChange({ author })}
        />
        <button type="button" class="btn quiet" aria-expanded={all} aria-controls="log-more" onClick={() => showAll(!all)}>
          {words.moreFilters}
        </button>
        {countFilters(filter) > 0 && (
          <Button kind="quiet" onClick={() => onChange(noFilter)}>
            {words.clear}
          </Button>
        )}
      </div>
      <div class="filters-row" id="log-more" hidden={!all}>
        <Day label={words.from} value={filter.from} most={filter.to} onChange={(from) => onChange({ from })} />
        <Day label={words.to} value={filter.to} least={filter.from} onChange={(to) => onChange({ to })} />
        {ids.map((field) => (
          <Field key={field} label={labels[field]}>
            {(control) => (
              <SearchField
                label={labels[field]}
                control={control}
                value={filter[field]}
                onChange={(text) => onChange({ [field]: text }, true)}
              />
            )}
          </Field>
        ))}
      </div>
    </search>
  )
}

interface ChosenProps<Value extends string> {
  label: string
  value: Value
  options: readonly (readonly [Value, string])[]
  onChange(value: Value): void
}

function Chosen<Value extends string>({ label, value, options, onChange }: ChosenProps<Value>) {
  return (
    <select
      class={value === '' ? 'field fit' : 'field fit set'}
      aria-label={label}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value as Value)}
    >
      {options.map(([one, text]) => (
        <option key={one} value={one}>
          {text}
        </option>
      ))}
    </select>
  )
}

interface DayProps {
  label: string
  value: string
  least?: string
  most?: string
  onChange(value: string): void
}

function Day({ label, value, least, most, onChange }: DayProps) {
  return (
    <Field label={label}>
      {(control) => (
        <input
          {...control}
          type="date"
          class="field"
          value={value}
          min={least}
          max={most}
          onChange={(event) => onChange(event.currentTarget.value)}
        />
      )}
    </Field>
  )
}

/** Several states at once: a list of boxes that opens under its button. */
function States({ chosen, words, onChange }: { chosen: MessageStatus[]; words: LogWords; onChange(status: MessageStatus[]): void }) {
  const box = useRef<HTMLDetailsElement>(null)
  const [first] = chosen
  const shown = first === undefined ? words.anyState : chosen.length === 1 ? words.statuses[first] : `${words.state}: ${chosen.length}`
  useEffect(() => {
    const away = (event: Event) => {
      if (box.current?.open && event.target instanceof Node && !box.current.contains(event.target)) box.current.open = false
    }
    document.addEventListener('pointerdown', away)
    document.addEventListener('focusin', away)
    return () => {
      document.removeEventListener('pointerdown', away)
      document.removeEventListener('focusin', away)
    }
  }, [])
  return (
    <details
      ref={box}
      class="states"
      onKeyDown={(event) => {
        if (event.key !== 'Escape' || !box.current?.open) return
        event.stopPropagation()
        box.current.open = false
        box.current.querySelector('summary')?.focus()
      }}
    >
      <summary class={chosen.length > 0 ? 'field fit set' : 'field fit'}>{shown}</summary>
      <fieldset class="states-list">
        <legend class="sr">{words.state}</legend>
        {statuses.map((status) => (
          <label key={status} class="check">
            <input
              type="checkbox"
              checked={chosen.includes(status)}
              onChange={(event) =>
                onChange(statuses.filter((one) => (one === status ? event.currentTarget.checked : chosen.includes(one))))
              }
            />
            <span>{words.statuses[status]}</span>
          </label>
        ))}
      </fieldset>
    </details>
  )
}
