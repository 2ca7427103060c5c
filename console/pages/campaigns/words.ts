// What the campaigns say. Each language has a file of its own beside this.
import type { CampaignCounts, CampaignStatus, PauseReason, RecipientStatus, SkipReason } from '../../../shared/campaigns.ts'
import type { Purpose } from '../../../shared/calendar.ts'
import type { Channel } from '../../../shared/model.ts'
import type { Locale, Plural } from '../../words/words.ts'
import { words as en } from './words-en.ts'
import { words as es } from './words-es.ts'
import { words as pt } from './words-pt.ts'

interface Question {
  title: string
  text: string
  go: string
}
interface Told {
  title: string
  how: string
}
interface Option {
  label: string
  hint: string
}

export interface CampaignWords {
  title: string
  make: string
  none: string
  noneHint: string
  name: string
  state: string
  progress: string
  outcome: string
  made: string
  states: Record<CampaignStatus, string>
  listing: string
  people: Plural
  arrived: string
  failed: string
  answered: string
  channels: Record<Channel, string>
  purposes: Record<Purpose, string>
  all: string
  steps: { start: string; pause: string; resume: string; goOn: string; cancel: string; change: string; again: string }
  ask: { start: Question; schedule: Question; resume: Question; cancel: Question }
  pauses: Record<PauseReason, Told>
  preflight: {
    title: string
    looking: string
    again: string
    ready: Plural
    nobody: string
    later: Plural
    doubles: Plural
    skipped: Plural
    why: string
    how: string
    examples: string
    truncated: string
    cost: string
    costAsOf: string
    costUnknown: Plural
  }
  skips: Record<SkipReason, Told>
  counts: Record<keyof CampaignCounts, string>
  figures: string
  arm: string
  both: string
  recipients: {
    title: string
    who: string
    status: string
    what: string
    filters: { all: string; pending: string; entered: string; failed: string; skipped: string }
    statuses: Record<RecipientStatus, string>
    notBefore: string
    answered: string
    none: string
    retry: string
    retried: string
    message: string
  }
  facts: {
    by: string
    message: string
    audience: string
    pace: string
    slice: string
    noSlice: string
    starts: string
    local: string
    at: string
  }
  audiences: { all: string; tag: string; field: string; coordinations: Plural; phones: Plural; upload: string }
  compose: {
    title: string
    intro: string
    name: string
    nameHint: string
    channel: string
    sender: string
    purpose: string
    purposeHint: string
    message: string
    kinds: { template: Option; text: Option }
    text: string
    textHint: string
    segments: Plural
    template: string
    chooseTemplate: string
    noTemplates: string
    inWindow: string
    compare: string
    templateB: string
    values: string
    valuesHint: string
    own: string
    known: string
    audience: string
    audiences: { all: Option; tag: Option; field: Option; coordinations: Option; phones: Option; upload: Option }
    tag: string
    field: string
    value: string
    fieldHint: string
    ids: string
    phones: string
    onePerLine: string
    file: string
    fileHint: string
    rows: Plural
    columns: string
    columnsHint: string
    column: string
    firstRow: string
    uses: { to: string; name: string; coordinationId: string; text: string; variable: string; skip: string }
    when: string
    times: { now: Option; at: Option; local: Option }
    day: string
    hour: string
    zone: string
    pace: string
    perSecond: string
    slice: string
    sliceHint: string
    sliceSize: string
    preview: string
    previewOf: string
    before: string
    after: string
    nobodyYet: string
    save: string
    saving: string
    uploading: string
    rejected: Plural
    goThere: string
    copied: string
    fileAgain: string
    faults: {
      name: string
      text: string
      template: string
      templateB: string
      tag: string
      field: string
      ids: string
      phones: string
      tooMany: string
      file: string
      noNumber: string
      empty: string
      time: string
      past: string
      perSecond: string
      slice: string
    }
  }
}

export const campaignWords: Record<Locale, CampaignWords> = { es, en, pt }
