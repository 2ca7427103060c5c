// How long texts may be, for the server and for what counts along while one types.

/** Twilio's limit for a body, on both channels (21617). */
export const TEXT_CHARS = 1600
export const NOTE_CHARS = 4000
