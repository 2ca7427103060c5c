// All faults, folder by folder; those of quick suites first.
import { mutantsOf } from './fault.ts'
import { rulesFaults } from './mutants-rules.ts'
import { sharedFaults } from './mutants-shared.ts'

export const allMutants = mutantsOf([...rulesFaults, ...sharedFaults])
