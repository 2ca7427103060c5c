// A page translator puts FONT elements where our texts are. The panel goes on writing into the text that it knows: nobody would see it,
// and what is drawn beside a text that is gone throws. So the text is put back, empty, before its translation; as soon as it says
// something new, or leaves, the translation of the old one goes.

/** The answer ends it. */
export function watchTranslator(root: HTMLElement): () => void {
  const fonts = new WeakMap<Text, { font: Element; text: string }>()
  const texts = new WeakMap<Element, Text>()

  function keep(text: Text, font: Element): void {
    // Some move the text into their element and change it there: it says the translation until it says something new.
    if (font.contains(text)) {
      font.replaceWith(text)
      return
    }
    fonts.set(text, { font, text: text.data })
    texts.set(font, text)
    font.before(text)
    text.data = ''
  }

  function drop(text: Text, isShown: boolean): void {
    const kept = fonts.get(text)
    if (!kept) return
    fonts.delete(text)
    kept.font.remove()
    if (isShown && text.data === '') text.data = kept.text
  }

  function look({ target, type, addedNodes, removedNodes, previousSibling, nextSibling }: MutationRecord): void {
    if (type === 'characterData') {
      if (target instanceof Text && target.data !== '') drop(target, false)
      return
    }
    const font = [...addedNodes, previousSibling, nextSibling].find((node) => node instanceof Element && node.localName === 'font')
    for (const node of removedNodes) {
      if (node instanceof Text && node.parentNode !== target) {
        if (fonts.has(node)) drop(node, false)
        else if (font instanceof Element && font.parentNode === target) keep(node, font)
      }
      // The page is shown as it was written again.
      const text = node instanceof Element && !node.isConnected ? texts.get(node) : undefined
      if (text) drop(text, true)
    }
  }

  const observer = new MutationObserver((records) => {
    for (const record of records) look(record)
    // Changes made here are none of a translator's.
    observer.takeRecords()
  })
  observer.observe(root, { childList: true, characterData: true, subtree: true })
  return () => observer.disconnect()
}
