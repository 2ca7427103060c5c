// Handed to every operation of this adapter.
import type { Clock } from '../../clock.ts'
import type { NewId } from '../../ids.ts'
import type { Connection } from './connection.ts'
import type { GroupCommit } from './group-commit.ts'
import type { Memory } from './memory.ts'

export interface Sqlite extends Pick<Connection, 'get' | 'all' | 'each' | 'run'>, Pick<GroupCommit, 'write' | 'turn'>, Memory {
  clock: Pick<Clock, 'now'>
  newId: NewId
  /** Tells this database's cursors from those of others. */
  storeId: string
}
