// The port to whatever carries short texts between processes at once. What it loses, the store's feed brings.

export interface Bell {
  /**
   * Resolves when it carries, or is seen not to yet: then it goes on trying.
   *
   * @throws DomainError `unavailable`, with the setting's name, where it refuses the password or the rights.
   */
  start(hear: (text: string) => void): Promise<void>
  /** Returns at once; dropped where it cannot go out now. */
  ring(text: string): void
  close(): Promise<void>
}
