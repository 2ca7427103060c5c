// The store's contract on MongoDB, where MONGODB_URL reaches one. The server is printed: others are not claimed.
import { beforeAll, describe } from 'vitest'
import { describeServer, serverUrl } from '../support/places/mongo.ts'
import { places } from '../support/places/mongo-kept.ts'
import { places as pairs } from '../support/places/mongo-pair.ts'
import { storeContract } from './contract.ts'

describe.skipIf(serverUrl === undefined)('MongoDB', () => {
  beforeAll(async () => console.log(`The store's contract runs on ${await describeServer()}.`))
  storeContract('MongoDB', places, { timeoutMs: 120_000, concurrent: true })
  // One after another, so that every second call of a case goes to the other process.
  // The limit per contact is exact within one process: over several it may be passed by as many as enter at once.
  const races = /^(?!outbox: the limit per contact).*(at once|parallel|while|same moment|order|race|cursor)/
  storeContract('MongoDB, two processes', pairs, { timeoutMs: 120_000, only: races })
})
