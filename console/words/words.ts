// What the console's frame and its parts say, in each language. A page has its own words beside it.
export type Locale = 'es' | 'en' | 'pt'

export interface Plural {
  one: string
  other: string
}

export interface Words {
  pages: { campaigns: string; log: string; contacts: string; templates: string }
  console: string
  main: string
  skip: string
  language: string
  languages: Record<Locale, string>
  theme: string
  themes: { auto: string; light: string; dark: string }
  signOut: string
  signIn: { title: string; how: string; hand: string }
  forbidden: { title: string; how: string }
  ended: { title: string; how: string }
  loading: string
  again: string
  more: string
  close: string
  cancel: string
  nothing: string
  noPage: string
  optional: string
  /** Of a failure that says no more. */
  wrong: string
  problems: {
    unavailable: string
    forbidden: string
    notFound: string
    conflict: string
    rateLimited: string
    tooLarge: string
    invalid: string
    noSender: string
    internal: string
  }
}
