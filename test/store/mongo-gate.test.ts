// The gate in front of the database: so many at once, first come first served, refused rather than left waiting.
import { expect, test } from 'vitest'
import { createGate } from '../../server/store/mongo/gate.ts'

test('so many at once, in the order they came, and the rest is refused', async () => {
  const gate = createGate({ mostAtOnce: 2, mostWaiting: 3 })
  const begun: number[] = []
  const ends: (() => void)[] = []
  const passed = [0, 1, 2, 3, 4].map((one) =>
    gate.pass(async () => {
      begun.push(one)
      await new Promise<void>((end) => ends.push(end))
      return one
    }),
  )
  await expect(gate.pass(async () => 'too many')).rejects.toMatchObject({ code: 'unavailable' })
  for (let ended = 0; ended < 5; ended++) {
    expect(begun).toEqual([0, 1, 2, 3, 4].slice(0, ended + 2))
    ends[ended]?.()
    await passed[ended]
    await Promise.resolve()
  }
  expect(await Promise.all(passed)).toEqual([0, 1, 2, 3, 4])
  expect(await gate.pass(async () => 'room again')).toBe('room again')
})

test('what fails makes room as well', async () => {
  const gate = createGate({ mostAtOnce: 1, mostWaiting: 1 })
  const fails = gate.pass(async () => {
    throw new Error('no')
  })
  const next = gate.pass(async () => 'next')
  await expect(fails).rejects.toThrow('no')
  expect(await next).toBe('next')
})

test('what waits too long is refused, and what takes too long gives its place away', async () => {
  const gate = createGate({ mostAtOnce: 1, mostWaiting: 9, waitMs: 50, workMs: 200 })
  const never = gate.pass(() => new Promise<string>(() => {}))
  const tooLate = gate.pass(async () => 'not in time')
  await expect(tooLate).rejects.toMatchObject({ code: 'unavailable' })
  await expect(never).rejects.toMatchObject({ code: 'unavailable' })
  expect(await gate.pass(async () => 'room again')).toBe('room again')
})
