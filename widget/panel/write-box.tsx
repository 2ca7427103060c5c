// The text field and its tools. Enter sends, Shift+Enter breaks; a draft outlives everything but being sent.
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks'
import { isBlank } from '../../shared/is-blank.ts'
import { NOTE_CHARS, TEXT_CHARS } from '../../shared/lengths.ts'
import type { OwnConversation } from '../../shared/model.ts'
import type { Check } from './checking/checking.ts'
import type { Contradiction } from './checking/facts.ts'
import { Icon } from './icon.tsx'
import { sendAndClose } from './load-follow.ts'
import { isTouchScreen, mayFocus } from './may-focus.ts'
import { useShared } from './shared-state.ts'
import { lastSeq, useScene, type When } from './thread-scene.ts'
import { answerSettings } from './answer-settings.ts'
import { give, pastedFiles } from './attached.ts'
import { onDemand } from './on-demand.tsx'

const FileTray = onDemand(async () => (await import('./attach/attach.ts')).attach.FileTray)
const ReplyLine = onDemand(async () => (await import('./reply/reply.tsx')).ReplyLine)
const SegmentCount = onDemand(async () => (await import('./segments/segment-count.tsx')).SegmentCount)
const ScheduleMenu = onDemand(async () => (await import('./menus/menus.ts')).menus.ScheduleMenu)
const SlashList = onDemand(async () => (await import('./forms/forms.ts')).forms.SlashList)
const EditingLine = onDemand(async () => (await import('./cards/cards.ts')).cards.EditingLine)
const checking = async () => (await import('./checking/checking.ts')).checking
const CheckLine = onDemand(async () => (await checking()).CheckLine)
const Checker = onDemand(
  async () => (await checking()).Checker,
  () => null,
)

const DRAFT_MS = 250
const MIC = 'M7.5 5a2.5 2.5 0 0 1 5 0v4a2.5 2.5 0 0 1-5 0ZM5 9.25a5 5 0 0 0 10 0M10 14.25v3'
const SEGMENTS_FROM = 120
/** Eight lines and the padding. */
const MAX_HEIGHT = 172

export function WriteBox({ conversation, note = false }: { conversation: OwnConversation; note?: boolean }) {
  const shared = useShared()
  const { client, words, say, zone, now, context } = shared
  const scene = useScene()
  const { thread, mode, sends, focus, replyTo, attached } = scene
  const plan = note ? null : scene.plan.value
  const content = note ? scene.note : (plan?.text ?? scene.text)
  const isDraft = content === scene.text
  const draft = scene.text.value
  const text = content.value
  const field = useRef<HTMLTextAreaElement>(null)
  const scheduler = useRef<HTMLButtonElement>(null)
  const [scheduling, setScheduling] = useState(false)
  const [looksUp, setLooksUp] = useState(false)
  const [held, setHeld] = useState<{ found: Contradiction; when: When | boolean | undefined } | null>(null)
  const check = useRef<Check | null>(null)
  const link = client.link.value
  const isOffline = link !== 'online' && link !== 'slow'
  const hasPresence = thread.presence.value.some((one) => one.replying)

  useLayoutEffect(() => {
    const box = field.current
    if (!box || !mayFocus(box) || isTouchScreen()) return
    box.focus({ preventScroll: true })
    box.setSelectionRange(box.value.length, box.value.length)
  }, [note, focus.value])

  // Kept a moment after the last key, and at the latest when one leaves.
  useEffect(() => {
    const timer = setTimeout(() => thread.draft.write(draft), DRAFT_MS)
    return () => clearTimeout(timer)
  }, [draft])
  const checks = !note && text !== '' && client.ready.value?.settings?.checkText
  // Words from another tab show here, unless one writes in this one.
  useEffect(
    () =>
      thread.draft.watch((written) => {
        const box = field.current
        if (!box || !document.hasFocus() || (box.getRootNode() as ShadowRoot).activeElement !== box) scene.text.value = written
      }),
    [thread],
  )
  // From the first moment on: other effects run later, and whoever leaves at once would lose the words.
  useLayoutEffect(() => {
    const keep = () => thread.draft.write(scene.text.peek())
    addEventListener('pagehide', keep)
    return () => {
      removeEventListener('pagehide', keep)
      keep()
      thread.setReplying(false)
    }
  }, [thread])

  // Where the browser does not grow the field by itself.
  useLayoutEffect(() => {
    if (!field.current || CSS.supports('field-sizing', 'content')) return
    field.current.style.height = 'auto'
    field.current.style.height = `${Math.min(MAX_HEIGHT, field.current.scrollHeight)}px`
  }, [text])

  const max = note ? NOTE_CHARS : (client.ready.value?.limits.textChars ?? TEXT_CHARS)
  const over = text.length - max
  const tray = isDraft ? attached.tray.value : null
  const given = isDraft ? attached.given.value : null
  const hasFiles = tray !== null && tray.files.value.length > 0
  const isBusy = !!given?.length || tray?.isBusy.value
  const canSend = over <= 0 && !isBusy && (hasFiles || !isBlank(text))
  const slash = looksUp && isDraft && text[0] === '/'

  function write(next: string): void {
    const begins = content.peek() === ''
    if (isDraft && begins && next !== '') scene.draftSince = lastSeq(thread)
    // Typed into the empty field it looks for a template; pasted, or after other words, it is a text.
    setLooksUp(/^\/[^\n]*$/.test(next) && (looksUp || (begins && next === '/')))
    content.value = next
    setHeld(null)
    if (isDraft) thread.setReplying(!isBlank(next))
  }

  /** `when`: at a later time; true: now, and the conversation is closed. */
  function send(when?: When | boolean, anyway = false): void {
    if (!canSend) return
    const found = anyway || !checks ? null : check.current?.(text, conversation, context.value, { ...zone, now: now.value })
    setHeld(found ? { found, when } : null)
    if (found) return
    if (plan) return void plan.save()
    const guard = scene.draftSince === null ? {} : { ifNoAnswerSince: scene.draftSince }
    const quoted = replyTo.value === null ? {} : { replyToId: replyTo.value.id }
    const options = { ...quoted, ...(typeof when === 'object' ? when : { ...guard, ...answerSettings(client) }) }
    const sent = note ? thread.send({ note: text }) : hasFiles ? tray.send(thread, text, options) : thread.send({ text }, options)
    if (when === true) sendAndClose(shared, conversation, sent)
    content.value = ''
    if (!note) scene.draftSince = null
    // A note is seldom alone: the next one must not go to the client.
    if (!note) {
      replyTo.value = null
      thread.draft.write('')
      thread.setReplying(false)
    }
    sends.value++
    field.current?.focus()
  }

  function onKeyDown(event: KeyboardEvent): void {
    if (event.key === 'Escape' && !note && (slash || plan || replyTo.value)) {
      event.preventDefault()
      event.stopPropagation()
      if (slash) setLooksUp(false)
      else if (plan) scene.plan.value = null
      else replyTo.value = null
    }
    if (event.key !== 'Enter' || event.shiftKey || event.altKey) return
    event.preventDefault()
    if (!slash) send(event.ctrlKey || event.metaKey)
  }

  const sms = conversation.channel === 'sms' && !note
  // Pages without a secure address get no microphone.
  const records = !tray && text === '' && isDraft && !sms && 'mediaDevices' in navigator
  const prompt = note ? words.writeNote : sms ? words.writeSms : words.write
  return (
    <div class={hasPresence ? 'composer' : 'composer ruled'}>
      {scheduling && (
        <ScheduleMenu
          conversation={conversation}
          onPick={(when) => {
            setScheduling(false)
            if (plan) plan.pick(when)
            else send(when)
          }}
          onSend={send}
          onClose={() => {
            setScheduling(false)
            scheduler.current?.focus()
          }}
        />
      )}
      {slash && <SlashList conversation={conversation} field={field} text={text} onPick={() => write('')} />}
      <div class={note ? 'box note' : 'box'}>
        {note && (
          <div class="modeline">
            <Icon name="note" />
            {words.noteHint}
          </div>
        )}
        {plan && <EditingLine edit={plan} onChange={() => setScheduling(true)} />}
        {checks && (
          <Checker
            conversation={conversation}
            onCheck={(made) => {
              check.current = made
              if (made === null) setHeld(null)
            }}
          />
        )}
        {held && (
          <CheckLine
            found={held.found}
            title={conversation.coordination?.title ?? conversation.contact.name}
            onCorrect={() => {
              const { at, length, says } = held.found
              write(text.slice(0, at) + says + text.slice(at + length))
              field.current?.focus()
            }}
            onSend={() => send(held.when, true)}
          />
        )}
        {(given || tray) && <FileTray conversation={conversation} text={text} />}
        {isDraft && replyTo.value && (
          <ReplyLine message={replyTo.value} conversation={conversation} onCancel={() => (replyTo.value = null)} />
        )}
        <textarea
          ref={field}
          rows={1}
          dir="auto"
          data-focus="text"
          enterkeyhint="send"
          aria-label={prompt}
          placeholder={isOffline && !note ? words.writeOffline : prompt}
          value={text}
          onInput={(event) => write(event.currentTarget.value)}
          onKeyDown={onKeyDown}
          onPaste={(event) => {
            const pasted = isDraft && event.clipboardData && pastedFiles(event.clipboardData)
            if (!pasted) return
            event.preventDefault()
            give(attached, pasted)
          }}
        />
        <div class="tools">
          {isDraft && (
            <>
              <button
                type="button"
                class="ib"
                aria-label={words.templates}
                title={words.templates}
                onClick={() => (mode.value = { at: 'templates' })}
              >
                <Icon name="template" />
              </button>
              <button
                type="button"
                class="ib"
                ref={scheduler}
                aria-label={words.schedule}
                title={words.schedule}
                aria-haspopup="dialog"
                aria-expanded={scheduling}
                disabled={!canSend || hasFiles}
                onClick={() => setScheduling(!scheduling)}
              >
                <Icon name="calendar" />
              </button>
            </>
          )}
          <button
            type="button"
            class="ib"
            aria-label={words.note}
            title={words.note}
            aria-pressed={note}
            onClick={() => (mode.value = { at: note ? 'text' : 'note' })}
          >
            <Icon name="note" />
          </button>
          {isDraft && (
            <button
              type="button"
              class="ib"
              aria-label={words.attach}
              title={words.attach}
              onPointerEnter={FileTray.preload}
              onClick={() => give(attached, [])}
            >
              <Icon name="attach" />
            </button>
          )}
          <span class="right">
            {over > 0 ? (
              <span class="seg danger" role="status">
                {say(words.tooLong, { n: over, max })}
              </span>
            ) : (
              sms && text.length >= SEGMENTS_FROM && <SegmentCount text={text} onWrite={write} />
            )}
            {records ? (
              <button
                type="button"
                class="ib"
                aria-label={words.recordVoice}
                title={words.recordVoice}
                onClick={() => (mode.value = { at: 'voice' })}
              >
                <Icon name={MIC} />
              </button>
            ) : (
              <button
                type="button"
                class={note ? 'send note' : plan ? 'send save' : 'send'}
                aria-label={isDraft ? words.send : undefined}
                disabled={!canSend}
                onClick={() => send()}
              >
                {note ? words.saveNote : plan ? words.save : <Icon name="send" />}
              </button>
            )}
          </span>
        </div>
      </div>
    </div>
  )
}
