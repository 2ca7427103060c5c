// The server did not take it, or it became old here: its author has to say what becomes of it.
import type { Unsent } from '../client/client.ts'

export const isNotTaken = ({ state }: Pick<Unsent, 'state'>): boolean => state === 'refused' || state === 'late'
