// How many SMS segments a text takes (GSM 03.38 or UCS-2): what carriers bill and what a sender's rate counts.

const basic =
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà'
const extended = '\f^{}\\[~]|€'
const gsm = new Map([...[...basic].map((sign) => [sign, 1] as const), ...[...extended].map((sign) => [sign, 2] as const)])

/** Segments (at least 1) and how many more units (GSM septets or UTF-16 units) fit into the last one. */
export function countSegments(text: string): { segments: number; left: number; encoding: 'gsm' | 'ucs2' } {
  let septets = 0
  for (const sign of text) {
    const size = gsm.get(sign)
    if (size === undefined) return count(text.length, 70, 67, 'ucs2')
    septets += size
  }
  return count(septets, 160, 153, 'gsm')
}

function count(units: number, single: number, each: number, encoding: 'gsm' | 'ucs2') {
  if (units <= single) return { segments: 1, left: single - units, encoding }
  const segments = Math.ceil(units / each)
  return { segments, left: segments * each - units, encoding }
}
