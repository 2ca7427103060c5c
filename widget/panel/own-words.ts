// Of a part that brings its words along, those to show now.
import type { Locale } from '../client/panel.ts'
import { nameRecords } from './name-records.ts'
import { useShared } from './shared-state.ts'

export function useOwnWords<Some extends object>(all: Record<Locale, Some>): Some {
  const { words, zone } = useShared()
  return nameRecords(all[zone.locale], words.record, words.records)
}
