// The number of unread messages in front of the page's title, which stays the host's: whatever it writes there is kept,
// and it gets its title back.

const OURS = /^\(\d+\+?\) /

export interface TitleBadge {
  show(unread: number): void
  end(): void
}

export function createTitleBadge(): TitleBadge {
  let shown = 0
  const write = () => {
    const bare = document.title.replace(OURS, '')
    const wanted = shown > 0 ? `(${shown > 99 ? '99+' : shown}) ${bare}` : bare
    if (document.title !== wanted) document.title = wanted
  }
  const observer = new MutationObserver(write)
  return {
    show(unread) {
      shown = unread
      if (unread > 0) observer.observe(document.head, { childList: true, subtree: true, characterData: true })
      write()
      if (unread === 0) observer.disconnect()
    },
    end() {
      observer.disconnect()
      shown = 0
      write()
    },
  }
}
