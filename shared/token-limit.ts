/** The longest token that is taken: it goes in a header of each HTTP call, and servers read only some kilobytes of those. */
export const TOKEN_CHARS = 16_000
