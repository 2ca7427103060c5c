// Names the fault of the database's file or disk, and what to do about it.

/** Errors of SQLite (their low byte) that are of the disk or the file, not of the program. */
const sqliteFaults: Readonly<Record<number, readonly [what: string, toDo: string]>> = {
  5: ['another program holds it', 'Stop that program.'],
  6: ['another program holds it', 'Stop that program.'],
  8: ['it cannot be written', 'Give the user that runs Hilo the right to write the file and its folder.'],
  10: ['the disk answers with an error', 'See that the disk is neither full nor failing.'],
  11: ['it is damaged', 'Stop Hilo, keep the file, and restore a backup: npm run hilo -- restore.'],
  13: ['the disk is full', 'Make room on it; Hilo then goes on by itself.'],
  14: ['it cannot be opened', 'See that its folder exists and that the user that runs Hilo may write there.'],
  26: ['it is damaged or no database', 'Name another file in DATABASE_URL, or restore a backup: npm run hilo -- restore.'],
}

const systemFaults: Readonly<Record<string, readonly [what: string, toDo: string]>> = {
  EACCES: ['it cannot be written', 'Give the user that runs Hilo the right to write the file and its folder.'],
  EPERM: ['it cannot be written', 'Give the user that runs Hilo the right to write the file and its folder.'],
  EROFS: ['its disk is read-only', 'Mount it writable, or name another file in DATABASE_URL.'],
  ENOSPC: ['the disk is full', 'Make room on it.'],
  EDQUOT: ['the disk quota is used up', 'Make room.'],
  ENOENT: ['its folder cannot be made', 'Name another file in DATABASE_URL.'],
  ENOTDIR: ['what should be its folder is a file', 'Name another file in DATABASE_URL.'],
  EEXIST: ['what should be its folder is a file', 'Name another file in DATABASE_URL.'],
  EISDIR: ['it is a folder', 'Name a file in DATABASE_URL.'],
}

export interface FileFault {
  /** A clause about the file: "it is damaged". */
  what: string
  toDo: string
}

/** Null: no fault of file or disk. */
export function fileFaultOf(error: unknown): FileFault | null {
  const { errcode, code } = (error ?? {}) as { errcode?: unknown; code?: unknown }
  const found = typeof errcode === 'number' ? sqliteFaults[errcode & 0xff] : typeof code === 'string' ? systemFaults[code] : undefined
  return found ? { what: found[0], toDo: found[1] } : null
}
