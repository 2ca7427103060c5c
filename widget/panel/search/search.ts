// The chunk of searches: what was found, what of a name was meant, whom to write to.
import { FoundMessages } from './found-messages.tsx'
import { Marked } from './mark-match.tsx'
import { WhoSearch } from './who-search.tsx'

export const search = { FoundMessages, Marked, WhoSearch }
