// Reads a file of settings, also as Notepad and PowerShell save it: with a byte order mark, or in UTF-16.
import { existsSync, readFileSync } from 'node:fs'
import { parseEnv } from 'node:util'

/** A variable that is in the environment already stays. */
export function loadEnvFile(file: string, env: Record<string, string | undefined>): void {
  if (!existsSync(file)) return
  const bytes = readFileSync(file)
  const [first, second] = bytes
  const encoding = first === 0xff && second === 0xfe ? 'utf-16le' : first === 0xfe && second === 0xff ? 'utf-16be' : 'utf-8'
  // The decoder leaves the mark out.
  for (const [name, value] of Object.entries(parseEnv(new TextDecoder(encoding).decode(bytes)))) env[name] ??= value
}
