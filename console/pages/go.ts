// Where the console goes: its address behind the `#`.

export function goTo(address: string): void {
  location.hash = address
}

/** Without a step of its own in the browser's history: what one types is no place to come back to. */
export function replaceWith(address: string): void {
  location.replace(address)
}
