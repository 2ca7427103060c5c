// An error as a log may hold it: enough to find the fault, nothing of what people wrote or who they are.

export interface ErrorDescription {
  name: string
  code?: string | number
  message: string
  frames?: string[]
  cause?: ErrorDescription
}

/** Numbers long enough to be a phone's, quoted values and tokens are struck out. */
function scrub(text: string): string {
  return (
    text
      .replace(/\beyJ[\w-]+\.[\w.-]+/g, '[token]')
      .replace(/(["'`]).*?\1/gs, '[…]')
      .replace(/\+?\d[\d\s().-]{5,}\d/g, '[number]')
      // Cut last: of a quoted value that is cut in two, the half would stay.
      .slice(0, 500)
  )
}

export function describeError(error: unknown, depth = 3): ErrorDescription {
  if (!(error instanceof Error)) return { name: typeof error, message: 'Something that is no Error was thrown.' }
  const { code } = error as { code?: unknown }
  return {
    name: error.name,
    ...(typeof code === 'string' || typeof code === 'number' ? { code } : {}),
    message: scrub(error.message),
    // The first line of a stack repeats the message.
    frames: (error.stack ?? '')
      .split('\n')
      .filter((line) => /^\s+at /.test(line))
      .slice(0, 12)
      .map((line) => scrub(line.trim())),
    ...(error.cause === undefined || depth === 0 ? {} : { cause: describeError(error.cause, depth - 1) }),
  }
}
