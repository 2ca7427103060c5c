// Contacts out of a file: chosen, its first rows looked at, each column named, tried without saving, then taken in.
import { useState } from 'preact/hooks'
import { Button } from '../../parts/button.tsx'
import { Problem } from '../../parts/problem.tsx'
import { fill } from '../../../widget/locales/format.ts'
import { formatSize } from '../format.ts'
import { ChooseFile } from './choose-file.tsx'
import { Columns } from './columns.tsx'
import type { ContactProps } from './contact-props.ts'
import { chosenFault, type Chosen, guessColumns, type ImportDone, importQuery } from './import-draft.ts'
import { Going } from './going.tsx'
import { ImportOutcome } from './import-outcome.tsx'
import { type Beginning, BEGINNING_BYTES, readBeginning } from './read-rows.ts'

interface Given {
  file: File
  beginning: Beginning
}

type Step = { at: 'idle' } | { at: 'busy'; dryRun: boolean; part: number } | { at: 'done'; dryRun: boolean; done: ImportDone }

export function Import(props: ContactProps) {
  const { api, words, locale } = props
  const [given, setGiven] = useState<Given | null>(null)
  const [chosen, setChosen] = useState<Chosen>([])
  const [step, setStep] = useState<Step>({ at: 'idle' })
  const [problem, setProblem] = useState<unknown>(null)
  const own = words.import

  async function take(file: File): Promise<void> {
    setProblem(null)
    setStep({ at: 'idle' })
    try {
      const bytes = new Uint8Array(await file.slice(0, BEGINNING_BYTES).arrayBuffer())
      const beginning = readBeginning(bytes, file.size <= BEGINNING_BYTES)
      setGiven({ file, beginning })
      setChosen(guessColumns(beginning.header))
    } catch (wrong) {
      setGiven(null)
      setProblem(wrong)
    }
  }

  async function run(dryRun: boolean): Promise<void> {
    if (given === null) return
    setProblem(null)
    setStep({ at: 'busy', dryRun, part: 0 })
    const query = new URLSearchParams(importQuery(given.beginning.header, chosen, dryRun))
    const type = given.beginning.kind === 'json' ? 'application/x-ndjson' : 'text/csv'
    try {
      const done = await api.upload<ImportDone>(
        `/api/contacts/import?${query}`,
        given.file,
        (part) => setStep({ at: 'busy', dryRun, part }),
        { 'content-type': type },
      )
      setStep({ at: 'done', dryRun, done })
    } catch (wrong) {
      setProblem(wrong)
      setStep({ at: 'idle' })
    }
  }

  function again(): void {
    setGiven(null)
    setStep({ at: 'idle' })
    setProblem(null)
  }

  const fault = given === null ? null : chosenFault(chosen)
  const isSaved = step.at === 'done' && !step.dryRun
  return (
    <section class="import" aria-labelledby="import-title">
      <h2 id="import-title">{own.title}</h2>
      <p class="muted">{own.lead}</p>
      {given === null && <ChooseFile words={words} onFile={(file) => void take(file)} />}
      <Problem error={problem} />
      {given !== null && (
        <>
          <p class="actions">
            <b>{fill(own.size, { name: given.file.name, size: formatSize(locale, given.file.size) })}</b>
            <Button kind="quiet" isSmall isDisabled={step.at === 'busy'} onClick={again}>
              {isSaved ? own.again : own.other}
            </Button>
          </p>
          {given.beginning.isEmpty && <p class="danger-text">{own.empty}</p>}
          {!given.beginning.isEmpty && !isSaved && (
            <Columns words={words} beginning={given.beginning} chosen={chosen} onChange={setChosen} isBusy={step.at === 'busy'} />
          )}
          {fault !== null && !given.beginning.isEmpty && (
            <p class="danger-text">{fault === 'none' ? own.needsPhone : fill(own.doubled, { field: own.fields[fault.doubled] ?? '' })}</p>
          )}
          <div aria-live="polite">
            {step.at === 'busy' && <Going words={words} part={step.part} />}
            {step.at === 'done' && <ImportOutcome {...props} done={step.done} isTried={step.dryRun} />}
          </div>
          {!isSaved && !given.beginning.isEmpty && (
            <div class="actions">
              <Button isDisabled={fault !== null} isBusy={step.at === 'busy'} onClick={() => void run(true)}>
                {own.try}
              </Button>
              <Button kind="primary" isDisabled={fault !== null || step.at === 'busy'} onClick={() => void run(false)}>
                {own.go}
              </Button>
            </div>
          )}
        </>
      )}
    </section>
  )
}
