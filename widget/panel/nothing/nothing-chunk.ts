// The chunk of what stands in an empty place: most openings find something.
import { Nothing } from './nothing.tsx'
import { Start } from './start.tsx'

export const nothing = { Nothing, Start }
