// A list that is read page by page, newest question first: an answer to an earlier one is thrown away.
import { useCallback, useEffect, useRef, useState } from 'preact/hooks'

export interface Page<Item> {
  items: Item[]
  nextCursor: string | null
}

export interface Pages<Item> {
  /** Null: nothing has come yet. */
  items: Item[] | null
  isLoading: boolean
  error: unknown
  /** Null: that was all. */
  more: (() => void) | null
  again(): void
  /** Puts a changed one in its place. */
  put(item: Item): void
}

/** `key` says which list it is: another key begins anew. What changed while one read may come twice: `idOf` says which is which. */
export function usePages<Item>(
  key: string,
  read: (cursor: string | null) => Promise<Page<Item>>,
  idOf: (item: Item) => string = byId,
): Pages<Item> {
  const [state, setState] = useState<{ key: string; items: Item[] | null; next: string | null; isLoading: boolean; error: unknown }>(
    nothing,
  )
  const turn = useRef(0)
  const asked = useRef(read)
  asked.current = read

  const load = useCallback(
    async (cursor: string | null, before: Item[]) => {
      const mine = ++turn.current
      setState((last) => ({ ...last, key, isLoading: true, error: null, ...(cursor === null ? { next: null } : {}) }))
      try {
        const { items, nextCursor } = await asked.current(cursor)
        if (mine !== turn.current) return
        const known = new Set(before.map(idOf))
        setState({
          key,
          items: [...before, ...items.filter((one) => !known.has(idOf(one)))],
          next: nextCursor,
          isLoading: false,
          error: null,
        })
      } catch (error) {
        if (mine === turn.current) setState((last) => ({ ...last, isLoading: false, error }))
      }
    },
    [key],
  )

  useEffect(() => {
    setState({ ...nothing, key })
    void load(null, [])
    return () => {
      turn.current++
    }
  }, [key, load])

  // The first drawing of another list must not show the one of before.
  const shown = state.key === key ? state : { ...nothing, isLoading: true }
  const { items, next } = shown
  return {
    items,
    isLoading: shown.isLoading,
    error: shown.error,
    more: next === null || items === null ? null : () => void load(next, items),
    again: () => void load(null, []),
    put: (item) => setState((last) => ({ ...last, items: last.items?.map((one) => (idOf(one) === idOf(item) ? item : one)) ?? null })),
  }
}

const byId = (item: unknown): string => (item as { id: string }).id
const nothing = { key: '', items: null, next: null, isLoading: false, error: null }
