// All that failed under this filter once more: first what would go and what would not, and why; then it goes.
import { useEffect, useRef, useState } from 'preact/hooks'
import type { RetryMany, RetrySkip } from '../../../shared/retry-many.ts'
import { Button } from '../../parts/button.tsx'
import { Dialog } from '../../parts/dialog.tsx'
import { Problem } from '../../parts/problem.tsx'
import { count, useShell } from '../../shell.ts'
import { addressOf, type LogFilter, queryOf } from './filter.ts'
import type { LogProps } from './log-props.ts'

const nothing: RetryMany = { retried: 0, skipped: {}, examples: [], nextCursor: null }

function sum(one: RetryMany, other: RetryMany): RetryMany {
  const skipped = { ...one.skipped }
  for (const [reason, n] of Object.entries(other.skipped) as [RetrySkip, number][]) skipped[reason] = (skipped[reason] ?? 0) + n
  return { ...other, retried: one.retried + other.retried, skipped, examples: [...one.examples, ...other.examples] }
}

export function RetryAll({
  api,
  words,
  locale,
  filter,
  onClose,
  onDone,
}: LogProps & { filter: LogFilter; onClose(): void; onDone(): void }) {
  const [ahead, setAhead] = useState<RetryMany | null>(null)
  const [done, setDone] = useState<RetryMany | null>(null)
  const [isBusy, setIsBusy] = useState(true)
  const [problem, setProblem] = useState<unknown>(null)
  const isGone = useRef(false)
  const { pre } = words
  const { timezone } = useShell()

  async function ask(dryRun: boolean): Promise<void> {
    setIsBusy(true)
    setProblem(null)
    try {
      let all = nothing
      let cursor: string | null = null
      do {
        const body: object = { filter: queryOf(filter, timezone), dryRun, ...(cursor === null ? {} : { cursor }) }
        const answer: RetryMany = await api.send('POST', '/api/messages/retry', body)
        all = sum(all, answer)
        cursor = answer.nextCursor
        if (isGone.current) return
      } while (cursor !== null)
      if (dryRun) setAhead(all)
      else {
        setDone(all)
        onDone()
      }
    } catch (wrong) {
      setProblem(wrong)
    } finally {
      setIsBusy(false)
    }
  }
  useEffect(() => {
    void ask(true)
    return () => {
      isGone.current = true
    }
  }, [])

  const shown = done ?? ahead
  return (
    <Dialog
      title={pre.title}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>{done === null ? pre.back : words.close}</Button>
          {done === null && ahead !== null && ahead.retried > 0 && (
            <Button kind="primary" isBusy={isBusy} onClick={() => void ask(false)}>
              {count(locale, pre.go, ahead.retried)}
            </Button>
          )}
        </>
      }
    >
      <p>{pre.ask}</p>
      <div aria-live="polite">
        {shown === null && isBusy && <p class="muted">{pre.counting}</p>}
        {shown !== null && (
          <>
            <p class="big">
              {done !== null
                ? count(locale, pre.done, done.retried)
                : shown.retried === 0
                  ? pre.nothing
                  : count(locale, pre.will, shown.retried)}
            </p>
            <Skipped words={words} locale={locale} outcome={shown} />
          </>
        )}
      </div>
      <Problem error={problem} />
    </Dialog>
  )
}

function Skipped({ words, locale, outcome }: Pick<LogProps, 'words' | 'locale'> & { outcome: RetryMany }) {
  const reasons = (Object.entries(outcome.skipped) as [RetrySkip, number][]).filter(([, n]) => n > 0)
  const all = reasons.reduce((before, [, n]) => before + n, 0)
  if (all === 0) return null
  return (
    <>
      <h3>{count(locale, words.pre.skipped, all)}</h3>
      <ul class="reasons">
        {reasons.map(([reason, n]) => (
          <li key={reason}>
            <b class="num">{n}</b> {words.skips[reason] ?? reason} <Example words={words} outcome={outcome} reason={reason} />
          </li>
        ))}
      </ul>
    </>
  )
}

function Example({ words, outcome, reason }: Pick<LogProps, 'words'> & { outcome: RetryMany; reason: RetrySkip }) {
  const one = outcome.examples.find((example) => example.reason === reason)
  return one === undefined ? null : <a href={addressOf({}, one.id)}>{words.pre.see}</a>
}
