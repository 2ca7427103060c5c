// Paging as the 2010-04-01 API has it: newest first, and tokens that name the entry next to the page, so that what is written
// meanwhile moves nothing.
import { type Refusal, refusal } from './refusals.ts'

export interface PageEdge {
  sid: string
  /** On which side of this entry the page lies. */
  side: 'older' | 'newer'
}

export interface Paging {
  page: number
  size: number
  edge: PageEdge | null
}

const token = /^P([AB])([A-Z]{2}[0-9a-zA-Z]{32})$/

/** `exists`: whether a token's entry is known. */
export function readPaging(query: URLSearchParams, exists: (sid: string) => boolean): Paging | { refused: Refusal } {
  const size = Math.min(Math.max(Number(query.get('PageSize') ?? 50) || 50, 1), 1000)
  const page = Math.max(Number(query.get('Page') ?? 0) || 0, 0)
  const given = query.get('PageToken') ?? ''
  if (given === '') return page > 0 ? { refused: refusal(20001, 'PageToken is required for paging') } : { page, size, edge: null }
  const [, side, sid = ''] = token.exec(given) ?? []
  if (side === undefined || !exists(sid)) return { refused: refusal(20001, 'PageToken is invalid') }
  return { page, size, edge: { sid, side: side === 'A' ? 'older' : 'newer' } }
}

export interface ListedEntry {
  sid: string
  shown: unknown
}

/** The page around its entries; `more`: there are older ones. */
export function presentPage(
  key: string,
  entries: readonly ListedEntry[],
  { page, size }: Paging,
  more: boolean,
  place: { path: string; query: URLSearchParams },
): Record<string, unknown> {
  const uri = (number: number, edge: string | null) => {
    const target = new URLSearchParams(place.query)
    target.delete('PageToken')
    target.set('PageSize', String(size))
    target.set('Page', String(number))
    if (edge !== null) target.set('PageToken', edge)
    return `${place.path}?${target}`
  }
  const [first, last] = [entries.at(0), entries.at(-1)]
  return {
    [key]: entries.map(({ shown }) => shown),
    page,
    page_size: size,
    start: page * size,
    end: page * size + Math.max(entries.length - 1, 0),
    uri: uri(page, place.query.get('PageToken')),
    first_page_uri: uri(0, null),
    previous_page_uri: page > 0 && first !== undefined ? uri(page - 1, `PB${first.sid}`) : null,
    next_page_uri: more && last !== undefined ? uri(page + 1, `PA${last.sid}`) : null,
  }
}

/** One page of a list that is at hand as a whole, newest first. */
export function pageOf<Entry extends { sid: string }>(all: readonly Entry[], { size, edge }: Paging): { entries: Entry[]; more: boolean } {
  const at = edge === null ? -1 : all.findIndex(({ sid }) => sid === edge.sid)
  const start = edge?.side === 'newer' ? Math.max(at - size, 0) : at + 1
  const end = edge?.side === 'newer' ? at : start + size
  return { entries: all.slice(start, end), more: end < all.length }
}
