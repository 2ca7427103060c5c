// A file, chosen or dropped.
import { useState } from 'preact/hooks'
import type { ContactWords } from './words.ts'

export function ChooseFile({ words, onFile }: { words: Pick<ContactWords, 'import'>; onFile(file: File): void }) {
  const [isOver, setIsOver] = useState(false)
  const own = words.import
  return (
    // What is dropped can be chosen by the field too: the place itself takes no keys.
    // biome-ignore lint/a11y/noStaticElementInteractions: see above
    <div
      class={isOver ? 'drop over' : 'drop'}
      onDragOver={(event) => {
        event.preventDefault()
        setIsOver(true)
      }}
      onDragLeave={() => setIsOver(false)}
      onDrop={(event) => {
        event.preventDefault()
        setIsOver(false)
        const [file] = event.dataTransfer?.files ?? []
        if (file) onFile(file)
      }}
    >
      <label class="btn primary">
        <input
          type="file"
          class="sr"
          accept=".csv,.tsv,.txt,.json,.jsonl,.ndjson,text/csv"
          onChange={(event) => {
            const [file] = event.currentTarget.files ?? []
            if (file) onFile(file)
            // The same file once more is a choice too.
            event.currentTarget.value = ''
          }}
        />
        <span>{own.choose}</span>
      </label>
      <span class="muted">{own.drop}</span>
    </div>
  )
}
