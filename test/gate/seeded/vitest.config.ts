// Suites that go wrong on purpose, for gate.test.ts: no run of the real ones takes them.
import { defineConfig } from 'vitest/config'

export default defineConfig({ test: { include: ['*.seeded.ts'] } })
