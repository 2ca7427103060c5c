// Texts that the agent began and has not sent, by conversation: for their threads, and for the rows of the inbox.
import { type ReadonlySignal, signal } from '@preact/signals-core'
import type { Stored } from './stored.ts'

const PREFIX = 'draft:'

export interface Drafts {
  all: ReadonlySignal<ReadonlyMap<string, string>>
  read(conversationId: string): string
  write(conversationId: string, text: string): void
  /** Told what another tab wrote; the answer ends it. */
  watch(conversationId: string, listener: (text: string) => void): () => void
  /** Takes up those that are kept; once `stored` knows whose they are. */
  restore(): void
  close(): void
}

export function createDrafts(stored: Stored): Drafts {
  const all = signal<ReadonlyMap<string, string>>(new Map())
  const read = (id: string) => stored.read(PREFIX + id) ?? ''
  function restore(): void {
    all.value = new Map(stored.keys(PREFIX).map((key) => [key.slice(PREFIX.length), stored.read(key) ?? '']))
  }
  return {
    all,
    read,
    write(id, text) {
      if (text === read(id)) return
      stored.write(PREFIX + id, text === '' ? null : text)
      restore()
    },
    watch: (id, listener) => stored.watch(PREFIX + id, listener),
    restore,
    close: stored.watchAll(PREFIX, restore),
  }
}
