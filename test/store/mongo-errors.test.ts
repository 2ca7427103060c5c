// Every way in which the driver says that the line to MongoDB broke is the domain's `unavailable`, so that callers try again.
import mongoose from 'mongoose'
import { describe, expect, test } from 'vitest'
import { DomainError } from '../../shared/problems.ts'
import { asDomainError, asOpenError } from '../../server/store/mongo/errors.ts'

const { MongoBulkWriteError } = mongoose.mongo

describe('a line to MongoDB that breaks', () => {
  test.for([
    ['under a bulk write', new MongoBulkWriteError({ message: 'read ECONNRESET', code: 0, writeErrors: [] }, {} as never)],
    [
      'under another operation',
      new MongoBulkWriteError(
        { message: 'Connection pool for 127.0.0.1:27017 was cleared because another operation failed', code: 0, writeErrors: [] },
        {} as never,
      ),
    ],
    ['while a command is written', Object.assign(new Error('This socket has been ended by the other party'), { code: 'EPIPE' })],
    ['while a command is written', Object.assign(new Error('write EPIPE'), { code: 'EPIPE' })],
    ['while an answer is read', new Error('read ECONNRESET')],
    ['while nothing is heard', new Error('connection 7 to 127.0.0.1:27017 timed out')],
  ] as const)('%s: %s', ([, error]) => {
    const told = asDomainError(error)
    expect(told).toBeInstanceOf(DomainError)
    expect((told as DomainError).code).toBe('unavailable')
  })

  test('what the database refuses for its content stays what it is', () => {
    const refused = new MongoBulkWriteError({ message: 'E11000 duplicate key error', code: 11000, writeErrors: [] }, {} as never)
    expect(asDomainError(refused)).toBe(refused)
    expect(asDomainError(refused)).not.toBeInstanceOf(DomainError)
  })
})

describe('why a database cannot be opened is told with its host and nothing else of its address', () => {
  const named = (name: string, more: object = {}) => Object.assign(new Error('m'), { name, ...more })
  test.for([
    ['an address that cannot be read', named('MongoParseError')],
    ['a wrong password', named('MongoServerError', { code: 18 })],
    ['a user without rights', named('MongoServerError', { code: 13 })],
    ['a server that is not there', named('MongoServerSelectionError')],
  ] as const)('%s', ([, error]) => {
    for (const url of ['mongodb://ana:s3cr3t@db.example:27017/hilo', 'mongodb+srv://ana:s3cr3t@p@db.example/hilo']) {
      const told = asOpenError(error, url) as DomainError
      expect(told).toBeInstanceOf(DomainError)
      const said = `${told.message} ${JSON.stringify(told.problem)} ${String(told.cause)}`
      for (const secret of ['s3cr3t', 'ana', '@p']) expect(said).not.toContain(secret)
      if (error.name !== 'MongoParseError') expect(told.message).toContain('db.example')
    }
  })
})
