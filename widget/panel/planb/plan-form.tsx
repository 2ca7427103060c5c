// Says what goes where the window is closed when a planned text is due: a template with its values, an SMS, or both in turn.
import { useLayoutEffect, useRef, useState } from 'preact/hooks'
import { languageOf } from '../../../shared/languages.ts'
import type { OwnConversation } from '../../../shared/model.ts'
import { missingVariables, renderTemplate } from '../../../shared/templates.ts'
import { formatWhenLong } from '../../locales/format.ts'
import { closedAt } from '../closed-at.ts'
import { clientLanguage } from '../forms/client-language.ts'
import { nameOf } from '../forms/name-of.ts'
import { templateValues } from '../forms/template-values.ts'
import { useKnown } from '../forms/use-known.ts'
import { Icon } from '../icon.tsx'
import { firstName } from '../names.ts'
import { useShared } from '../shared-state.ts'
import { templateTitle } from '../template-title.ts'
import { useScene, type When } from '../thread-scene.ts'
import { maySms } from './may-sms.ts'
import { usePlanBWords } from './planb-words.ts'

interface PlanFormProps {
  conversation: OwnConversation
  at: Date
  onPick(when: When): void
  onBack(): void
}

export function PlanForm({ conversation, at, onPick, onBack }: PlanFormProps) {
  const { client, words, zone, now, say } = useShared()
  const own = usePlanBWords()
  const { thread, mode, plan } = useScene()
  const before = plan.value?.planB.peek()
  const form = useRef<HTMLFormElement>(null)
  const known = useKnown(conversation)
  const [name, setName] = useState(before?.template?.name ?? '')
  const [typed, setTyped] = useState<Readonly<Record<string, string>>>(before?.template?.variables ?? {})
  const canSms = maySms(client, conversation)
  const [sms, setSms] = useState(canSms && (before?.sms ?? false))
  useLayoutEffect(() => form.current?.querySelector('select')?.focus(), [])

  const approved = client.templates.value.filter((one) => one.approved)
  const theirs = clientLanguage(thread.messages.value, approved, conversation.contact.phone, zone.locale)
  const templates = approved.toSorted((a, b) => Number(languageOf(b.language) === theirs) - Number(languageOf(a.language) === theirs))
  const template = templates.find((one) => one.name === name)
  const values = template ? { ...templateValues(template, {}, known), ...typed } : {}
  const filled = template && Object.fromEntries(template.variables.map((one) => [one, values[one] ?? '']))
  const missing = template ? missingVariables(template.body, values) : []
  const sendAt = at.toISOString()

  function save(event: Event): void {
    event.preventDefault()
    if (missing.length > 0 || (!template && !sms)) return
    onPick({
      sendAt,
      planB: {
        ...(template && filled ? { template: { name: template.name, language: template.language, variables: filled } } : {}),
        ...(sms ? { sms } : {}),
      },
    })
  }

  return (
    <form class="planb" ref={form} noValidate onSubmit={save}>
      <div class="planb-head">
        <button type="button" class="ib" aria-label={words.back} onClick={onBack}>
          <Icon name="back" />
        </button>
        {say(own.goesAt, { t: formatWhenLong(zone, words, sendAt, now.value) })}
      </div>
      <div class="planb-body">
        {closedAt(conversation, at.getTime()) && (
          <p class="caution">{say(own.willBeClosed, { n: firstName(conversation.contact.name) })}</p>
        )}
        <ol class="planb-steps">
          <li>{own.stepText}</li>
          <li>
            <label>
              {own.ifClosed}
              <select class="field" aria-label={own.template} value={name} onChange={(event) => setName(event.currentTarget.value)}>
                <option value="">{own.noTemplate}</option>
                {templates.map((one) => (
                  <option key={one.name} value={one.name}>
                    {nameOf(one, zone.locale)}
                  </option>
                ))}
              </select>
            </label>
            {template && template.variables.length > 0 && (
              <div class="planb-values">
                {template.variables.map((one) => (
                  <label key={one}>
                    {templateTitle(one)}
                    <input
                      class="field"
                      maxLength={1024}
                      autocomplete="off"
                      value={values[one]}
                      aria-invalid={missing.includes(one)}
                      onInput={(event) => setTyped({ ...typed, [one]: event.currentTarget.value })}
                    />
                  </label>
                ))}
              </div>
            )}
            {template && filled && (
              <p class="planb-said muted" dir="auto">
                {renderTemplate(template.body, Object.fromEntries(Object.entries(filled).filter(([, value]) => value !== '')))}
              </p>
            )}
          </li>
          {canSms && (
            <li>
              <label class="planb-sms">
                <input type="checkbox" checked={sms} onChange={(event) => setSms(event.currentTarget.checked)} />
                {template ? own.orBySms : own.bySms}
              </label>
            </li>
          )}
        </ol>
      </div>
      <div class="planb-acts">
        <button
          type="button"
          class="btn quiet small"
          onClick={() => (mode.value = { at: 'templates', sendAt, ...(plan.value ? { plan: plan.value.message } : {}) })}
        >
          {own.onlyTemplate}
        </button>
        <button type="submit" class="btn primary small" disabled={missing.length > 0 || (!template && !sms)}>
          {plan.value ? words.save : words.schedule}
        </button>
      </div>
    </form>
  )
}
