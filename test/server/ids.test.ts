// Ids: UUIDv7, rising, each once, also within one millisecond and when the clock steps back.
import { expect, test } from 'vitest'
import { createIds } from '../../server/ids.ts'

test('a hundred thousand ids: of the right form, rising, each once', () => {
  let now = Date.UTC(2026, 0, 1)
  let asked = 0
  const newId = createIds(() => {
    asked++
    if (asked % 1000 === 0) now += 1
    if (asked === 50_000) now -= 10_000
    return now
  })
  const ids = Array.from({ length: 100_000 }, newId)
  for (const id of ids.slice(0, 2_000)) expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
  expect(new Set(ids).size).toBe(ids.length)
  expect(ids).toEqual(ids.toSorted())
  expect(new Set(ids.map((id) => id.slice(19))).size).toBe(ids.length)
})
