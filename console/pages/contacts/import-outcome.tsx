// What became of an import, or would: how many of each, and the rows with faults by their lines.
import { Button } from '../../parts/button.tsx'
import { Notice } from '../../parts/notice.tsx'
import { fill } from '../../../widget/locales/format.ts'
import { formatNumber } from '../../shell.ts'
import type { ContactProps } from './contact-props.ts'
import { faultsAsCsv, type ImportDone } from './import-draft.ts'

export function ImportOutcome({ words, locale, done, isTried }: ContactProps & { done: ImportDone; isTried: boolean }) {
  const own = words.import
  const counts = [
    ['created', own.created],
    ['updated', own.updated],
    ['unchanged', own.unchanged],
    ['failed', own.failed],
  ] as const
  function download(): void {
    // With its mark, so that Excel reads the accents.
    const file = new Blob(['\uFEFF', faultsAsCsv(done.faults, [own.line, own.fault])], { type: 'text/csv' })
    const link = document.createElement('a')
    link.href = URL.createObjectURL(file)
    link.download = 'faults.csv'
    link.click()
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000)
  }
  return (
    <div class="outcome">
      <Notice kind={isTried ? 'plain' : 'good'}>{isTried ? own.tried : own.done}</Notice>
      <dl class="counts">
        {counts.map(([name, label]) => (
          <div key={name} class={name === 'failed' && done.failed > 0 ? 'danger' : ''}>
            <dt>{label}</dt>
            <dd class="num">{formatNumber(locale, done[name])}</dd>
          </div>
        ))}
      </dl>
      {done.faults.length > 0 && (
        <>
          <h3>{own.faults}</h3>
          {done.failed > done.faults.length && <p class="muted">{fill(own.faultsMore, { n: done.faults.length })}</p>}
          <ul class="fault-lines">
            {done.faults.map(({ line, message }) => (
              <li key={`${line} ${message}`}>
                <b class="num">
                  {own.line} {line}
                </b>{' '}
                {message}
              </li>
            ))}
          </ul>
          <Button onClick={download}>{own.download}</Button>
        </>
      )}
    </div>
  )
}
