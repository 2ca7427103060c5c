// The store's contract on SQLite.
import { places } from '../support/places/sqlite.ts'
import { storeContract } from './contract.ts'

storeContract('SQLite', places)
