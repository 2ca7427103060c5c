// The chunk of what a message has besides its words.
import { Kind } from './kind.tsx'
import { Quote } from './quote.tsx'

export const kinds = { Kind, Quote }
