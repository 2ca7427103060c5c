// How the suites run: real processes, ports and databases, so few at a time and with room. What a browser drives comes
// after the rest, one file at a time: beside others it waits for its turn and not for what it asks for.
import { defineConfig } from 'vitest/config'

const browser = [
  'test/browser/**/*.test.ts',
  'test/widget-panel/{composing,panel,states}.test.ts',
  'test/widget/launcher.test.ts',
  'test/simulator/phone-page.test.ts',
]
/** Measures frames: it needs the machine to itself. */
const alone = ['test/browser/smoothness.test.ts']

/** For test/run.ts. */
export const parts = {
  browserProjects: ['browser', 'alone'],
  /** What `--fast` leaves out. */
  slow: ['test/widget-panel/states.test.ts', 'test/torture/**', 'test/store/mongo*.test.ts', 'test/cli/restore-mongo.test.ts'],
}

const project = (name: string, order: number, maxWorkers: number, include: string[], exclude: string[]) => ({
  extends: true as const,
  test: { name, include, exclude, maxWorkers, sequence: { groupOrder: order } },
})

export default defineConfig({
  test: {
    pool: 'forks',
    testTimeout: 60_000,
    hookTimeout: 60_000,
    teardownTimeout: 10_000,
    projects: [
      project('suites', 0, 2, ['test/**/*.test.ts', 'test/**/*.test.tsx'], browser),
      project('browser', 1, 1, browser, alone),
      project('alone', 2, 1, alone, []),
    ],
  },
})
