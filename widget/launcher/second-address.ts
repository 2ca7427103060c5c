// Another address of the widget's own files. Browsers before autumn 2026 keep a failed import for as long as the page is open: what
// many files import cannot be had again, but together with all of them.

/** Of a file beside the script; what it imports comes from there, too. The server takes the folder for none. */
export function secondAddress(file: string, base: string): string {
  return new URL(`/again/${Date.now()}/${file}`, base).href
}
