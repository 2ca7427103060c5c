// How the suites run: real processes, ports and databases, so few at a time and with room. What a browser drives comes
// after the rest, one file at a time: beside others it waits for its turn and not for what it asks for.
import { defineConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'

const browser = [
  'test/browser/**/*.test.ts',
  'test/console/**/*.test.ts',
  'test/widget-panel/{composing,panel,states}.test.ts',
  'test/widget-panel/screens/*.test.ts',
  'test/widget/launcher.test.ts',
  'test/simulator/phone-page.test.ts',
]
/** Measures frames: it needs the machine to itself. */
const alone = ['test/browser/smoothness.test.ts']

/** Asks what clients hear within two seconds: beside others on two cores it would have to excuse most of it. */
const torture = ['test/torture/torture.test.ts']

/** Functions and tables alone: nothing of one file reaches another. */
const pure = ['test/{rules,shared}/*.test.ts']

/** For test/run.ts. */
export const parts = {
  browserProjects: ['browser', 'alone'],
  /** What `--fast` leaves out: of what a browser drives all but the main job, and what starts servers again and again. */
  slow: [
    'test/browser/!(main-job).test.ts',
    'test/console/**',
    'test/widget-panel/{composing,panel,states}.test.ts',
    'test/widget-panel/screens/**',
    'test/widget/launcher.test.ts',
    'test/torture/torture.test.ts',
    'test/store/{copy,faults,mongo*}.test.ts',
    'test/server/{stopping,store-faults}.test.ts',
    'test/{automations,campaigns}/killed.test.ts',
    'test/cli/**',
  ],
}

/** Set by test/run.ts: what the command line excludes does not reach the projects. */
const isFast = process.env.FAST === '1'

/** Begun first, the longest of all first: the last one to begin is the one that others wait for. */
const longest = [
  'store/mongo',
  'campaigns/killed',
  'store/copy',
  'store/mongo-line',
  'server/stopping',
  'store/mongo.facts',
  'inbox/recovery',
  'store/faults',
]
const rankOf = ({ moduleId }: TestSpecification): number => {
  const rank = longest.findIndex((name) => moduleId.endsWith(`/test/${name}.test.ts`))
  return rank < 0 ? longest.length : rank
}
class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return (await super.sort(files)).toSorted((a, b) => rankOf(a) - rankOf(b))
  }
}

/** `isolate: false`: its files share what they load, one after another in one process. */
const project = (name: string, order: number, maxWorkers: number, include: string[], exclude: string[], isolate = true) => ({
  extends: true as const,
  test: { name, isolate, include, exclude: [...exclude, ...(isFast ? parts.slow : [])], maxWorkers, sequence: { groupOrder: order } },
})

export default defineConfig({
  test: {
    pool: 'forks',
    testTimeout: 60_000,
    hookTimeout: 60_000,
    teardownTimeout: 10_000,
    sequence: { sequencer: LongestFirst },
    projects: [
      project('pure', 0, 2, pure, [], false),
      project('suites', 1, 3, ['test/**/*.test.ts', 'test/**/*.test.tsx'], [...pure, ...browser, ...torture]),
      project('browser', 2, 1, browser, alone, false),
      project('alone', 3, 1, alone, []),
      project('torture', 4, 1, torture, []),
    ],
  },
})
