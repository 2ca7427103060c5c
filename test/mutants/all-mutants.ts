// All faults, folder by folder; those of quick suites first.
import { mutantsOf } from './fault.ts'
import { automationFaults } from './mutants-automations.ts'
import { copyFaults } from './mutants-copy.ts'
import { deliveryFaults } from './mutants-delivery.ts'
import { httpFaults } from './mutants-http.ts'
import { importFaults } from './mutants-imports.ts'
import { mediaFaults } from './mutants-media.ts'
import { mongoFaults } from './mutants-mongo.ts'
import { processesFaults } from './mutants-processes.ts'
import { realtimeFaults } from './mutants-realtime.ts'
import { rulesFaults } from './mutants-rules.ts'
import { sharedFaults } from './mutants-shared.ts'
import { sqliteFaults } from './mutants-sqlite.ts'
import { twilioFaults } from './mutants-twilio.ts'
import { webhookFaults } from './mutants-webhooks.ts'
import { widgetFaults } from './mutants-widget.ts'

export const allMutants = mutantsOf([
  ...rulesFaults,
  ...automationFaults,
  ...sharedFaults,
  ...twilioFaults,
  ...httpFaults,
  ...importFaults,
  ...mediaFaults,
  ...realtimeFaults,
  ...processesFaults,
  ...sqliteFaults,
  ...copyFaults,
  ...deliveryFaults,
  ...webhookFaults,
  ...widgetFaults,
  ...mongoFaults,
])
