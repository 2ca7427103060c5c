// The command was called wrongly: the message says how, and the usage is printed below it.
export class UsageError extends Error {}
