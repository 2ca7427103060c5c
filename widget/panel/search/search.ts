// The chunk of a search: what was found in messages, and what of a name was meant.
import { FoundMessages } from './found-messages.tsx'
import { Marked } from './mark-match.tsx'

export const search = { FoundMessages, Marked }
