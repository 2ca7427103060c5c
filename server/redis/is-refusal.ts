/** Whether it is the settings that are to be corrected, since waiting would not help. */
export function isRefusal(error: unknown): boolean {
  return error instanceof NoSuchPrimary || (error instanceof Error && /\b(WRONGPASS|NOAUTH|NOPERM)\b|\bAUTH\b/.test(error.message))
}

export class NoSuchPrimary extends Error {}
