// A list of those who want no more messages, out of a file. The server knows its columns by their names.
import { useState } from 'preact/hooks'
import { fill } from '../../../widget/locales/format.ts'
import { Button } from '../../parts/button.tsx'
import { Dialog } from '../../parts/dialog.tsx'
import { Notice } from '../../parts/notice.tsx'
import { Problem } from '../../parts/problem.tsx'
import { formatNumber } from '../../shell.ts'
import { ChooseFile } from './choose-file.tsx'
import type { ContactProps } from './contact-props.ts'
import { Going } from './going.tsx'

interface Taken {
  accepted: number
  changed: number
  failed?: number
  faults?: { line: number; message: string }[]
}

export function ImportOptOuts({ api, words, locale, onClose, onTaken }: ContactProps & { onClose(): void; onTaken(): void }) {
  const [part, setPart] = useState<number | null>(null)
  const [taken, setTaken] = useState<Taken | null>(null)
  const [problem, setProblem] = useState<unknown>(null)
  const { opt } = words

  async function take(file: File): Promise<void> {
    setProblem(null)
    setTaken(null)
    setPart(0)
    const type = /\.(jsonl|ndjson|json)$/i.test(file.name) ? 'application/x-ndjson' : 'text/csv'
    try {
      setTaken(await api.upload<Taken>('/api/opt-outs/import', file, setPart, { 'content-type': type }))
      onTaken()
    } catch (wrong) {
      setProblem(wrong)
    } finally {
      setPart(null)
    }
  }

  const { failed = 0, faults = [] } = taken ?? {}
  return (
    <Dialog title={opt.import} onClose={onClose} actions={<Button onClick={onClose}>{words.close}</Button>}>
      <p class="muted">{opt.importHint}</p>
      {part === null ? <ChooseFile words={words} onFile={(file) => void take(file)} /> : <Going words={words} part={part} />}
      <Problem error={problem} />
      {taken !== null && (
        <>
          <Notice kind="good">
            {fill(opt.imported, { accepted: formatNumber(locale, taken.accepted), changed: formatNumber(locale, taken.changed) })}
          </Notice>
          {failed > 0 && <p class="danger-text">{fill(opt.rejected, { n: formatNumber(locale, failed) })}</p>}
          <ul class="fault-lines">
            {faults.map(({ line, message }) => (
              <li key={line}>
                <b class="num">
                  {words.import.line} {line}
                </b>{' '}
                {message}
              </li>
            ))}
          </ul>
        </>
      )}
    </Dialog>
  )
}
