// How the agent wants to hear of messages. What is chosen is kept on the server and holds in every browser; the browser's
// own permission is asked for here, by a button, and nowhere else.
import type { ComponentChildren } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import type { OwnSettings } from '../../../shared/model.ts'
import type { PushState } from '../../attention/push.ts'
import { SimpleHead } from '../finding.tsx'
import { useShared } from '../shared-state.ts'
import { Strip } from '../strip.tsx'
import { settingsWords } from './settings-words.ts'

const attention = () => import('../../attention/attention.ts')

type Permission = NotificationPermission | 'unsupported'
const permissionNow = (): Permission => ('Notification' in window ? Notification.permission : 'unsupported')
const choices = ['all', 'mine_or_unassigned', 'mine'] as const
const USUAL_QUIET = { from: '21:00', to: '08:00' }

export function Settings() {
  const { client, words, zone, appearance } = useShared()
  const own = settingsWords(appearance.value.locale)
  const settings = client.ready.value?.settings
  const [failed, setFailed] = useState(false)
  if (!settings) return null

  async function change(patch: Partial<OwnSettings>): Promise<void> {
    setFailed(false)
    const answer = await client.changeSettings(patch)
    setFailed(!answer.ok)
  }
  const { sound, quiet, presence } = settings
  return (
    <div class="view">
      <SimpleHead title={words.settings} />
      <Strip />
      <div class="body ruled settings">
        {failed && (
          <p class="strip caution" role="alert">
            {own.notSaved}
          </p>
        )}
        <section>
          <Row id="away" title={own.away} hint={own.awayHint}>
            <Switch id="away" on={presence === 'away'} onChange={(next) => void change({ presence: next ? 'away' : 'online' })} />
          </Row>
        </section>
        <section>
          <Row id="sound" title={own.sound} hint={own.soundHint}>
            <Switch id="sound" on={sound} onChange={(next) => void change({ sound: next })} />
          </Row>
          {sound && (
            <button type="button" class="btn small below" onClick={() => void attention().then(({ createChime }) => createChime().play())}>
              {own.listen}
            </button>
          )}
        </section>
        <section>
          <Notifications on={settings.notifications} onChange={(next) => void change({ notifications: next })} />
        </section>
        <section>
          <Row id="of" title={own.notifyOf} hint={own.notifyOfHint} />
          <select
            class="field below"
            aria-labelledby="set-of"
            aria-describedby="set-of-hint"
            value={settings.notifyOf ?? 'all'}
            onChange={(event) => void change({ notifyOf: event.currentTarget.value as OwnSettings['notifyOf'] })}
          >
            {choices.map((one) => (
              <option key={one} value={one}>
                {own.of[one]}
              </option>
            ))}
          </select>
        </section>
        <section>
          <Row id="quiet" title={own.quiet} hint={own.quietHint}>
            <Switch id="quiet" on={quiet !== null} onChange={(next) => void change({ quiet: next ? USUAL_QUIET : null })} />
          </Row>
          {quiet && (
            <div class="hours below">
              <Hour label={own.from} value={quiet.from} onChange={(from) => void change({ quiet: { ...quiet, from } })} />
              <Hour label={own.to} value={quiet.to} onChange={(to) => void change({ quiet: { ...quiet, to } })} />
              <span class="muted cut">{zone.timezone.split('/').at(-1)?.replaceAll('_', ' ')}</span>
            </div>
          )}
        </section>
        <section>
          <Row id="undo" title={own.undo} hint={own.undoHint}>
            <Switch id="undo" on={settings.undoSend} onChange={(undoSend) => void change({ undoSend })} />
          </Row>
        </section>
        <section>
          <Row id="check" title={own.check} hint={own.checkHint}>
            <Switch id="check" on={settings.checkText} onChange={(checkText) => void change({ checkText })} />
          </Row>
        </section>
        <section>
          <Row id="assign" title={own.assign} hint={own.assignHint}>
            <Switch id="assign" on={settings.assignOnAnswer} onChange={(assignOnAnswer) => void change({ assignOnAnswer })} />
          </Row>
        </section>
        <p class="muted foot">{own.everywhere}</p>
      </div>
    </div>
  )
}

function Notifications({ on, onChange }: { on: boolean; onChange(on: boolean): void }) {
  const { client, appearance } = useShared()
  const { locale } = appearance.value
  const own = settingsWords(locale)
  const [permission, setPermission] = useState(permissionNow)
  const [push, setPush] = useState<PushState | null>(null)
  const isOn = on && permission === 'granted'
  useEffect(() => {
    let gone = false
    if (isOn)
      void attention()
        .then(({ subscribePush }) => subscribePush({ http: client.http, worker: client.worker, locale }))
        .then((state) => gone || setPush(state))
    return () => {
      gone = true
    }
  }, [isOn])

  async function allow(): Promise<void> {
    const answer = await Notification.requestPermission()
    setPermission(answer)
    if (answer === 'granted' && !on) onChange(true)
  }

  const closed = push === 'on' ? own.closedToo : push === 'failed' ? own.closedFailed : push === null ? null : own.closedNot
  return (
    <>
      <Row id="notifications" title={own.notifications} hint={own.notificationsHint}>
        {permission === 'granted' && <Switch id="notifications" on={on} onChange={onChange} />}
      </Row>
      {permission === 'default' && (
        <button type="button" class="btn small below" onClick={() => void allow()}>
          {own.allow}
        </button>
      )}
      {permission === 'denied' && <p class="below caution">{own.denied}</p>}
      {permission === 'unsupported' && <p class="below muted">{own.unsupported}</p>}
      {isOn && closed && <p class="below muted">{closed}</p>}
    </>
  )
}

function Row({ id, title, hint, children }: { id: string; title: string; hint: string; children?: ComponentChildren }) {
  return (
    <div class="setting">
      <span class="grow">
        <strong id={`set-${id}`}>{title}</strong>
        <span class="muted" id={`set-${id}-hint`}>
          {hint}
        </span>
      </span>
      {children}
    </div>
  )
}

function Switch({ id, on, onChange }: { id: string; on: boolean; onChange(on: boolean): void }) {
  return (
    <button
      type="button"
      class="switch"
      role="switch"
      aria-checked={on}
      aria-labelledby={`set-${id}`}
      aria-describedby={`set-${id}-hint`}
      onClick={() => onChange(!on)}
    >
      <span />
    </button>
  )
}

function Hour({ label, value, onChange }: { label: string; value: string; onChange(value: string): void }) {
  return (
    <label>
      {label}
      <input
        class="field num"
        type="time"
        required
        value={value}
        onChange={(event) => /^\d\d:\d\d$/.test(event.currentTarget.value) && onChange(event.currentTarget.value)}
      />
    </label>
  )
}
