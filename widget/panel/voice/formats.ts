// In which form a voice message is recorded and sent. WhatsApp takes Opus in Ogg, and AAC in MP4; no WebM.

export interface Format {
  /** Asked of the browser. */
  recorded: string
  /** What the file is when it goes. */
  sent: 'audio/ogg' | 'audio/mp4'
  /** Its packets are put into Ogg first. */
  repacked: boolean
  bitsPerSecond: number
}

/** Speech, clear and small. */
const OPUS_BITS = 32_000
const AAC_BITS = 64_000

/** The best first. MP4 with Opus is refused by WhatsApp, so that it is asked for by its codec. */
const formats: readonly Format[] = [
  { recorded: 'audio/ogg;codecs=opus', sent: 'audio/ogg', repacked: false, bitsPerSecond: OPUS_BITS },
  { recorded: 'audio/mp4;codecs=mp4a.40.2', sent: 'audio/mp4', repacked: false, bitsPerSecond: AAC_BITS },
  { recorded: 'audio/webm;codecs=opus', sent: 'audio/ogg', repacked: true, bitsPerSecond: OPUS_BITS },
]

/** Null: this browser records nothing that WhatsApp takes. */
export function chooseFormat(isRecorded: (type: string) => boolean): Format | null {
  return formats.find(({ recorded }) => isRecorded(recorded)) ?? null
}
