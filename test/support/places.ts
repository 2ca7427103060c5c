// Where the contract suite finds its stores: a way to make an empty place, to open it (also from another process, hence
// `module`), and to remove it. One such object per adapter is all that the suite knows of it.
import type { Store } from '../../server/store/store.ts'

export interface StorePlaces {
  /** URL of the module whose `places` this is: a child process imports it to open the same place. */
  module: string
  /** Makes a new, empty place; answers its address. */
  create(): Promise<string>
  open(address: string): Promise<Store>
  remove(address: string): Promise<void>
}
