// Robust forms of the figures of smoothness: numbers of nodes and bytes strictly, times on the best of a few runs, since
// whatever else the machine does makes them longer and never shorter. `npm run bench -- --only widget` prints them all.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { serveFixture } from '../widget-panel/serve-fixture.ts'
import { type Load, measureControl, measureLoad, measureMessage, measureScroll, type Scrolled } from './smoothness.ts'
import { sofia, startWorld, type World } from './support.ts'

const RUNS = 6
let world: World
let fixture: Awaited<ReturnType<typeof serveFixture>>

beforeAll(async () => {
  world = await startWorld()
  fixture = await serveFixture()
  await world.record('ev-1', 'Casamiento Herrera–Paz', sofia)
  await world.hilo.simulator.phone(sofia.phone).write('Hola')
  world.signIn('ana', { name: 'Ana Díaz' })
})
afterAll(async () => {
  await fixture.close()
  await world.close()
})

/** The first run that is good enough, else the last: a run is as slow as the machine is busy. */
async function bestOf<T>(measure: () => Promise<T>, isGood: (one: T) => boolean): Promise<T> {
  let one = await measure()
  for (let run = 1; run < RUNS && !isGood(one); run++) one = await measure()
  return one
}

test('a load at a quarter of the speed has no task over 80 ms, or a sixth of a large script; the first open takes 150 ms of work', async () => {
  // The milliseconds of goals.md are those of one machine; a slower one is held to the same work, by a script that is none of ours.
  const control = Math.max(await measureControl(world.browser, 4), await measureControl(world.browser, 4))
  const longestMs = Math.max(80, control / 6)
  const blockingMs = Math.max(40, control / 4)
  const loaded = await bestOf<Load>(
    () => measureLoad(world, 'ana', 4),
    (one) => one.longestMs <= longestMs && one.blockingMs <= blockingMs,
  )
  expect(loaded.longestMs).toBeLessThanOrEqual(longestMs)
  expect(loaded.blockingMs).toBeLessThanOrEqual(blockingMs)
  const opened = await bestOf<Load>(
    () => measureLoad(world, 'ana', 1),
    (one) => one.openMs <= 150 && one.longestMs <= 50,
  )
  expect(opened.openMs).toBeLessThanOrEqual(150)
  expect(opened.longestMs).toBeLessThanOrEqual(50)
}, 120_000)

test('a message comes into an open thread of 500 with 50 ms of work', async () => {
  const ms = await bestOf(
    () => measureMessage(world.browser, fixture.url, 1),
    (one) => one <= 50,
  )
  expect(ms).toBeLessThanOrEqual(50)
}, 120_000)

test('10,000 conversations scroll at a quarter of the speed without a frame over 50 ms, or a twelfth of a large script; in few rows and little memory', async () => {
  const scrolled: Scrolled[] = []
  /** The worst frame, as a part of what is allowed: for minutes at a time a machine may do everything at half its speed. */
  const part = ({ worstFrameMs }: Scrolled, control: number) => (worstFrameMs * 4) / Math.max(50, control / 12)
  const best = await bestOf(
    async () => {
      // The browser's own throttle counts waiting for a busy machine as work; four times the work at full speed does not.
      const one = await measureScroll(fixture.url, 1)
      scrolled.push(one)
      return part(one, await measureControl(world.browser, 4))
    },
    (one) => one <= 1,
  )
  for (const { rows, heapMb } of scrolled) {
    expect(rows).toBeGreaterThan(5)
    expect(rows).toBeLessThanOrEqual(200)
    expect(heapMb).toBeLessThanOrEqual(20)
  }
  expect(best).toBeLessThanOrEqual(1)
}, 180_000)
