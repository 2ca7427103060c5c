// Under the header while the agent is away: so that nobody wonders why nothing sounds, and colleagues know why nobody answers.
import { signal } from '@preact/signals-core'
import { Icon } from '../icon.tsx'
import { useOwnWords } from '../own-words.ts'
import { useShared } from '../shared-state.ts'

export const bellOff =
  'M3.25 3.25l13.5 13.5M5.6 6.6a4.75 4.75 0 0 0-.35 1.9c0 4.25-1.75 5.5-1.75 5.5h10M8.25 16.5a1.85 1.85 0 0 0 3.5 0M7.4 4.5a4.75 4.75 0 0 1 7.35 4c0 1.4.2 2.5.5 3.3'

const all = {
  es: { away: 'Estás ausente', back: 'Volver', failed: 'No se pudo guardar. Probá de nuevo.' },
  en: { away: 'You are away', back: 'Back', failed: 'It could not be saved. Try again.' },
  pt: { away: 'Você está ausente', back: 'Voltar', failed: 'Não foi possível salvar. Tente de novo.' },
}

/** Outlives the strip, which goes at the press and comes back where the server did not take it. */
const failed = signal(false)

export function AwayStrip() {
  const { client } = useShared()
  const own = useOwnWords(all)

  async function back({ currentTarget }: { currentTarget: HTMLElement }): Promise<void> {
    // The button goes with the strip: the keys stay in the panel.
    const panel = currentTarget.closest<HTMLElement>('.panel')
    ;(panel?.querySelector<HTMLElement>('[data-focus]') ?? panel)?.focus()
    failed.value = !(await client.changeSettings({ presence: 'online' })).ok
  }
  return (
    <div class="strip" role="status">
      <Icon name={bellOff} />
      {failed.value ? own.failed : own.away}
      <button type="button" class="link" onClick={(event) => void back(event)}>
        {own.back}
      </button>
    </div>
  )
}

/** The way to the settings says it, too. */
export function AwayBell() {
  return <Icon name={bellOff} />
}
