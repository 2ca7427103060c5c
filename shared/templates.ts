// Templates: text with {{named}} placeholders.
import { isBlank } from './is-blank.ts'

const placeholder = /\{\{\s*([\p{L}\p{N}_.-]+)\s*\}\}/gu

/** Placeholder names in the order of their first appearance. */
export function placeholders(body: string): string[] {
  return [...new Set([...body.matchAll(placeholder)].map((match) => match[1] ?? ''))]
}

/** Names that `variables` does not give a visible value for. */
export function missingVariables(body: string, variables: Readonly<Record<string, string>>): string[] {
  return placeholders(body).filter((name) => isBlank(variables[name] ?? ''))
}

/** The text as the client will read it; what is missing stays visible as its placeholder. */
export function renderTemplate(body: string, variables: Readonly<Record<string, string>>): string {
  return body.replace(placeholder, (whole, name: string) => variables[name] ?? whole)
}
