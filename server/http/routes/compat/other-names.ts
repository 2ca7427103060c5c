// What other systems call a field, for the routes that take their calls as they make them: by whichever of its names it comes.
import { z } from 'zod'

/** How each field of a body is also called. */
export type Names = Readonly<Record<string, readonly string[]>>

export const TO = ['phone', 'phoneNumber', 'number', 'telefono', 'numero', 'destino'] as const
export const TEXT = ['message', 'body', 'mensaje', 'texto', 'content'] as const
export const CHANNEL = ['canal', 'via'] as const

/** The schema, for a body that may call its fields otherwise; `given` is what holds where a field is missing. */
export function otherNames<Schema extends z.ZodType>(schema: Schema, names: Names, given: Readonly<Record<string, unknown>> = {}) {
  return z.preprocess((value) => renamed(value, names, given), schema)
}

function renamed(value: unknown, names: Names, given: Readonly<Record<string, unknown>>): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  const fields: Record<string, unknown> = { ...given, ...value }
  for (const [name, others] of Object.entries(names)) {
    const found = [name, ...others].find((one) => Object.hasOwn(value, one))
    for (const other of others) delete fields[other]
    if (found !== undefined) fields[name] = (value as Record<string, unknown>)[found]
  }
  if (typeof fields.channel === 'string') fields.channel = fields.channel.toLowerCase()
  // Some systems keep numbers as numbers.
  for (const name of ['to', 'id'] as const) if (typeof fields[name] === 'number') fields[name] = String(fields[name])
  return fields
}
