// Why a file is not kept: its own fault, not that of the disk or the line.

export type MediaFault = 'too_large' | 'type' | 'empty'

export class MediaRefused extends Error {
  readonly reason: MediaFault
  constructor(reason: MediaFault) {
    super(`The file is refused: ${reason}.`)
    this.name = 'MediaRefused'
    this.reason = reason
  }
}
