// Where a link in a text begins and ends. What stands around it belongs to the sentence: its marks, quotes, brackets, and
// WhatsApp's `*bold*`, `_italic_`, `~struck~`.

/** Quotes that no address holds end it, and signs that nobody sees. */
const address = /(?<![\p{L}\p{N}])https?:\/\/[^\s<>"“”„«»‹›`\p{C}\u115f\u1160\u2800\u3164\uffa0]+/giu
const closers = new Map([...'()[]{}‘’（）「」『』【】《》'].flatMap((sign, at, all) => (at % 2 === 0 ? [[sign, all[at + 1]]] : [])))
const closing = new Set([...closers.values(), "'"])
const sentence = /[.,;:!?…([{¿¡。，、；：！？،؛؟]+$/u
const isWord = (sign: string | undefined) => /^[\p{L}\p{N}]$/u.test(sign ?? '')

/** Odd parts are links. */
export function splitLinks(text: string): string[] {
  const parts: string[] = []
  let from = 0
  for (const match of text.matchAll(address)) {
    const link = withoutMarks(untilClosed(match[0]), text.slice(text.lastIndexOf('\n', match.index) + 1, match.index))
    if (!URL.canParse(link)) continue
    parts.push(text.slice(from, match.index), link)
    from = match.index + link.length
  }
  parts.push(text.slice(from))
  return parts
}

/** To the first bracket or quote that closes what was not opened in the link. An apostrophe between letters closes nothing. */
function untilClosed(link: string): string {
  const open: (string | undefined)[] = []
  const signs = [...link]
  for (const [at, sign] of signs.entries()) {
    if (closers.has(sign)) open.push(closers.get(sign))
    else if (closing.has(sign)) {
      if (open.includes(sign)) open.length = open.lastIndexOf(sign)
      else if (!"'’".includes(sign) || !isWord(signs[at - 1]) || !isWord(signs[at + 1])) return signs.slice(0, at).join('')
    }
  }
  return link
}

/** `*`, `_` and `~` at the end are the link's own, unless one that stands before it on the line is still open. */
function withoutMarks(whole: string, before: string): string {
  let link = whole
  const open = new Set([...'*_~'].filter((mark) => isOpen(before, mark)))
  for (;;) {
    link = link.replace(sentence, '')
    if (!open.delete(link.at(-1) ?? '')) return link
    link = link.slice(0, -1)
  }
}

function isOpen(before: string, mark: string): boolean {
  let open = false
  for (let at = before.indexOf(mark); at >= 0; at = before.indexOf(mark, at + 1)) {
    const [left, right = 'h'] = [before[at - 1], before[at + 1]]
    if (open) open = /\s/.test(left ?? ' ') || isWord(right)
    else open = !isWord(left) && /\S/.test(right)
  }
  return open
}
