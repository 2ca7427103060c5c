// The process that runs suites again and again: vitest starts once and keeps what it has transformed, which is most of what
// a trial of a second would cost. It is a process of its own so that it can be ended where a fault makes a test wait for ever.
import { createVitest, type TestModule } from 'vitest/node'
import type { Ran, Wanted } from './try-suites.ts'

const vitest = await createVitest('test', { watch: false, bail: 1, reporters: [{}] })

process.on('message', async ({ changed, suites, cases }: Wanted) => {
  // Failures of the trial before would count for `bail`.
  vitest.state.filesMap.clear()
  vitest.state.idMap.clear()
  vitest.invalidateFile(changed)
  if (cases === undefined) vitest.resetGlobalTestNamePattern()
  else vitest.setGlobalTestNamePattern(cases)
  const { testModules, unhandledErrors } = await vitest.rerunTestSpecifications(await vitest.globTestSpecifications([...suites]))
  vitest.invalidateFile(changed)
  process.send?.({ modules: testModules.map(summary), errors: unhandledErrors.length } satisfies Ran)
})
process.send?.('ready')

function summary(module: TestModule): Ran['modules'][number] {
  return {
    name: module.relativeModuleId,
    error: module.errors()[0]?.message.split('\n')[0] ?? null,
    tests: [...module.children.allTests()].map((one) => ({ name: one.fullName, state: one.result().state })),
  }
}
