// The form's state: what is written, kept in this tab until it is submitted, and what of its faults is shown. A fault shows once one pauses,
// and goes with the letter that mends it.
import { useEffect, useMemo, useState } from 'preact/hooks'
import { type Draft, type DraftFault, draftFaults } from './draft.ts'

const KEPT = 'hilo-console-template'
const PAUSE_MS = 600

function kept(): Partial<Draft> {
  try {
    const found: unknown = JSON.parse(sessionStorage.getItem(KEPT) ?? '{}')
    return found !== null && typeof found === 'object' ? found : {}
  } catch {
    return {}
  }
}

function keep(draft: Draft | null): void {
  try {
    if (draft === null) sessionStorage.removeItem(KEPT)
    else sessionStorage.setItem(KEPT, JSON.stringify(draft))
  } catch {
    // A browser that keeps nothing: then it is lost with the tab.
  }
}

export interface DraftState {
  draft: Draft
  change(part: Partial<Draft>): void
  /** Of one field, those to be shown. */
  faultsAt(path: string): DraftFault[]
  /** All that is left to mend. */
  faults: DraftFault[]
  /** From now on all of them show. */
  tryIt(): void
  touch(path: string): void
  forget(): void
}

const keyOf = ({ path, rule }: DraftFault) => `${path} ${rule}`

/** `from`: another template to begin with, in place of what was kept. */
export function useDraft(empty: Draft, from: Draft | null): DraftState {
  const [draft, setDraft] = useState<Draft>(() => from ?? { ...empty, ...kept() })
  const [settled, setSettled] = useState(draft)
  const [touched, setTouched] = useState<ReadonlySet<string>>(new Set())
  const [isTried, setIsTried] = useState(false)

  useEffect(() => {
    const timer = setTimeout(() => setSettled(draft), PAUSE_MS)
    return () => clearTimeout(timer)
  }, [draft])

  const faults = useMemo(() => draftFaults(draft), [draft])
  const old = useMemo(() => new Set(draftFaults(settled).map(keyOf)), [settled])
  const touch = (path: string) => setTouched((before) => (before.has(path) ? before : new Set([...before, path])))

  return {
    draft,
    faults,
    touch,
    change: (part) =>
      setDraft((before) => {
        const next = { ...before, ...part }
        // Now: a page that is left in this moment draws no more.
        keep(next)
        return next
      }),
    // What is wrong with all buttons together comes of adding one, not of writing in a field.
    faultsAt: (path) =>
      faults.filter((one) => one.path === path && (isTried || ((path === 'buttons' || touched.has(path)) && old.has(keyOf(one))))),
    tryIt: () => setIsTried(true),
    forget: () => keep(null),
  }
}
